import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROGRAM } from '../program.ts';
import { cutover } from './cutover.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutover-flags-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('flags that hands know from Ansible', () => {
  it('other spellings', async () => {
    const { code, stdout } = await cutover(
      folder,
      'exec',
      'h1',
      '--inventory-file=h1,',
      '-c',
      'local',
      '-m',
      'ping',
    );
    expect(stdout).toContain('ok         h1  ping');
    expect(code).toBe(0);
  });

  it('-M names a folder with own modules', async () => {
    mkdirSync(join(folder, 'mine'));
    writeFileSync(
      join(folder, 'mine/hello'),
      '#!/bin/sh\n# WANT_JSON\necho \'{"changed": false, "hello": "you"}\'\n',
      {
        mode: 0o755,
      },
    );
    const { stdout } = await cutover(
      folder,
      'exec',
      'localhost',
      '-M',
      'mine',
      '-m',
      'hello',
      '-e',
      `cutover_state_dir=${folder}/state`,
    );
    expect(stdout).toContain('hello: you');
  });

  it('--ssh-common-args reach the connection, and what they cannot do is refused', async () => {
    const exec = (...args: string[]) =>
      cutover(folder, 'exec', 'all', '-i', '127.0.0.1,', '-m', 'ping', ...args);
    const port = await exec('--ssh-common-args=-o Port=9 -o StrictHostKeyChecking=no');
    // Once, in the line of the host.
    expect(port.stdout.match(/127\.0\.0\.1:9: /g)).toHaveLength(1);
    expect(port.stdout).toContain('127.0.0.1:9');
    expect(port.code).toBe(4);
  });
});

describe('what is asked for', () => {
  it('a folder is no playbook, and a missing one says where it was looked for', async () => {
    const { code, stderr } = await cutover(folder, 'run', '.', 'gone.yml');
    expect(stderr).toContain('error: "." is a folder, not a playbook (name a file in it)\n');
    expect(stderr).toContain(
      `error: the playbook "gone.yml" was not found (looked for ${folder}/gone.yml)\n`,
    );
    expect(code).toBe(5);
  });

  it('a pipe is as good as a file', async () => {
    writeFileSync(
      join(folder, 'p.yml'),
      '- hosts: localhost\n  gather_facts: false\n  tasks: [{debug: {msg: piped}}]\n',
    );
    const script = `"$0" "$1" run /dev/stdin < <(cat p.yml)`;
    const ran = spawnSync('bash', ['-c', script, process.execPath, PROGRAM], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, CUTOVER_HOME: join(folder, 'store') },
      encoding: 'utf8',
    });
    expect(ran.stdout).toContain('piped');
    expect(ran.status).toBe(0);
  });

  it('a missing argument says how to learn about it', async () => {
    const { code, stderr } = await cutover(folder, 'rollback');
    expect(stderr).toBe(
      'error: missing required argument \'run\'\n(a run is an id that `cutover runs` lists, or "last"; add --help to see what else it takes)\n',
    );
    expect(code).toBe(1);
  });
});
