import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROGRAM } from '../program.ts';

/** Loaded before the program: at its end it prints what of Node and of the SSH library was loaded. */
const SPY = `data:text/javascript,${encodeURIComponent(`
import { createRequire, registerHooks } from 'node:module';
const { cache } = createRequire('file:///');
const imported = [];
registerHooks({ load: (url, context, next) => (imported.push(url), next(url, context)) });
process.once('exit', () => process.stderr.write(JSON.stringify({
  builtin: process.moduleLoadList.filter((name) => name.startsWith('NativeModule ')).map((name) => name.slice(13)),
  required: Object.keys(cache),
  imported,
})));`)}`;

function loadedBy(...args: string[]): Record<'builtin' | 'required' | 'imported', string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'cutover-startup-'));
  try {
    writeFileSync(
      join(dir, 'p.yml'),
      '- hosts: all\n  tasks:\n    - stat: {path: /etc/passwd}\n    - xml: {path: /a, xpath: /a}\n',
    );
    writeFileSync(join(dir, 'inventory'), 'node1 ansible_host=127.0.0.1\n');
    const ran = spawnSync(process.execPath, ['--import', SPY, PROGRAM, ...args], {
      cwd: dir,
      encoding: 'utf8',
    });
    return JSON.parse(ran.stderr);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Each of these costs more than reading a playbook does: see the benchmark startup.ts. */
test('reading a playbook loads neither the libraries for SSH and XML nor what Node has for the web', () => {
  const { builtin, required, imported } = loadedBy('run', 'p.yml', '-i', 'inventory', '--syntax-check');
  expect(builtin).toContain('fs');
  expect(builtin.filter((name) => /^(?:http|https|tls|internal\/deps\/undici\/undici)$/.test(name))).toEqual(
    [],
  );
  expect(required.filter((file) => file.includes('/ssh2/'))).toEqual([]);
  expect(imported).toContainEqual(expect.stringMatching(/modules\/xml\/index/));
  expect(imported.filter((url) => /libxml2-wasm/.test(url))).toEqual([]);
});
