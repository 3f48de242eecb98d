import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ControllerFiles } from '../../src/engine/task/files.ts';
import { writeLocal } from '../../src/engine/task/local-file.ts';
import { createSecrets } from '../../src/secrets/index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutover-controller-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a vault file can be had as it is written, without any password', async () => {
  const path = join(folder, 'secret.yml');
  writeFileSync(path, '$ANSIBLE_VAULT;1.1;AES256\n6162\n');
  chmodSync(path, 0o600);
  const files = new ControllerFiles(undefined, createSecrets());
  await expect(files.readFile(path)).rejects.toThrow(
    `A vault password or secret must be specified to decrypt ${path}`,
  );
  const written = await files.readFile(path, { asWritten: true });
  expect([written.bytes?.toString(), written.secret]).toEqual([
    '$ANSIBLE_VAULT;1.1;AES256\n6162\n',
    undefined,
  ]);
  expect(files.used()).toContain(path);
});

test('a file that a task has changed is read anew, one that stays is not', async () => {
  const path = join(folder, 'made.txt');
  const files = new ControllerFiles(undefined, createSecrets());
  writeFileSync(path, 'before');
  const first = await files.readFile(path);
  expect([files.readText(path), first.size]).toEqual(['before', 6]);
  // As long as the last one, and at once: neither size nor a clock that ticks tells them apart.
  writeFileSync(path, 'behind');
  expect([files.readText(path), (await files.readFile(path)).sha256]).not.toContain(first.sha256);
  expect(files.readText(path)).toBe('behind');
  await vi.waitFor(async () => expect(await files.readFile(path)).toBe(await files.readFile(path)));
  rmSync(path);
  expect(() => files.readText(path)).toThrow(/does not exist/);
});

test('a file that cannot be written leaves nothing behind', async () => {
  const path = join(folder, 'taken');
  mkdirSync(path);
  await expect(writeLocal(path, Buffer.from('x'))).rejects.toThrow(/cannot write .*taken on the controller/);
  expect(readdirSync(folder)).toEqual(['taken']);
  writeFileSync(join(folder, 'file'), '');
  await expect(writeLocal(join(folder, 'file/below'), Buffer.from('x'))).rejects.toThrow(/cannot write/);
  expect(existsSync(join(folder, 'file'))).toBe(true);
});
