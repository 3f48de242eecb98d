import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
    const { stdout } = await cutover(folder, 'exec', 'localhost', '-M', 'mine', '-m', 'hello');
    expect(stdout).toContain('hello: you');
  });

  it('--ssh-common-args reach the connection, and what they cannot do is refused', async () => {
    const exec = (...args: string[]) =>
      cutover(folder, 'exec', 'all', '-i', '127.0.0.1,', '-m', 'ping', ...args);
    const port = await exec('--ssh-common-args=-o Port=9 -o StrictHostKeyChecking=no');
    expect(port.stdout).toContain('127.0.0.1:9');
    expect(port.code).toBe(4);
  });
});
