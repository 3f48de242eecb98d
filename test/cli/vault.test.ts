/** `cutover vault` between other programs of a pipe. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PROGRAM } from '../program.ts';
import { cutover } from './cutover.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutover-vault-'));
  writeFileSync(join(folder, 'pw'), 'p\n');
  writeFileSync(join(folder, 'a'), 'x: 1\n');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PASSWORD = ['--vault-password-file', 'pw'];

function piped(input: string, ...args: readonly string[]): string {
  const env = { PATH: process.env.PATH, HOME: folder, CUTOVER_HOME: join(folder, 'store') };
  const options = { cwd: folder, env, input, encoding: 'utf8' } as const;
  return execFileSync(process.execPath, [PROGRAM, 'vault', ...args, ...PASSWORD], options);
}

it('encrypts and decrypts from standard input to standard output, or to a file', () => {
  const sealed = piped('hello\n', 'encrypt');
  expect(sealed).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n/);
  expect(piped(sealed, 'view', '-')).toBe('hello\n');
  piped(sealed, 'decrypt', '-', '--output', 'plain');
  expect(readFileSync(join(folder, 'plain'), 'utf8')).toBe('hello\n');
});

it('leaves the file alone with --output -', async () => {
  const { stdout } = await cutover(folder, 'vault', 'encrypt', ...PASSWORD, '--output', '-', 'a');
  expect(stdout).toMatch(/^\$ANSIBLE_VAULT/);
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('x: 1\n');
});

it('refuses to write several files into one, and to change standard input where it is', async () => {
  const both = await cutover(folder, 'vault', 'encrypt', ...PASSWORD, '--output', 'out', 'a', 'pw');
  expect(both).toMatchObject({ code: 1, stderr: expect.stringContaining('--output is for one file') });
  const rekey = await cutover(folder, 'vault', 'rekey', ...PASSWORD);
  expect(rekey).toMatchObject({ code: 1, stderr: expect.stringContaining('vault rekey needs a file') });
});

it('knows the name that ansible-vault has', async () => {
  const { stdout } = await cutover(folder, 'vault', 'encrypt_string', ...PASSWORD, '--name', 'key', 'value');
  expect(stdout).toMatch(/^key: !vault \|\n {10}\$ANSIBLE_VAULT/);
});
