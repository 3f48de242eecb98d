/** `cutover vault` between other programs of a pipe. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

const piped = (input: string, ...args: readonly string[]): string => pipedWith({}, input, ...args);

function pipedWith(own: NodeJS.ProcessEnv, input: string, ...args: readonly string[]): string {
  const env = { PATH: process.env.PATH, HOME: folder, CUTOVER_HOME: join(folder, 'store'), ...own };
  const options = { cwd: folder, env, input, encoding: 'utf8', stdio: 'pipe' } as const;
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

/** An editor that writes down what it was given, and adds a line. */
function editor(exitCode = 0): string {
  const path = join(folder, 'editor');
  writeFileSync(path, `#!/bin/sh\ncat "$2" > seen\necho "$1" >> "$2"\nexit ${exitCode}\n`, { mode: 0o755 });
  return `${path} 'two words'`;
}

it('creates a file with an editor that has arguments, and never writes over one', () => {
  const env = { EDITOR: editor() };
  pipedWith(env, '', 'create', 'new folder/secrets.yml');
  expect(readFileSync(join(folder, 'new folder/secrets.yml'), 'utf8')).toMatch(
    /^\$ANSIBLE_VAULT;1\.1;AES256\n/,
  );
  expect(piped('', 'view', 'new folder/secrets.yml')).toBe('two words\n');
  expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe('');
  expect(() => pipedWith(env, '', 'create', 'a')).toThrow(/a is there already \(use `cutover vault edit`\)/);
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('x: 1\n');
});

it('creates nothing when the editor fails, or when it is not clear whose password it is to be', () => {
  expect(() => pipedWith({ EDITOR: editor(3) }, '', 'create', 'new')).toThrow(/ended with 3/);
  rmSync(join(folder, 'seen'));
  const several = ['--vault-id', 'dev@pw', '--vault-id', 'prod@pw'];
  expect(() => pipedWith({ EDITOR: editor() }, '', 'create', ...several, 'new')).toThrow(/several vault ids/);
  expect(readdirSync(folder)).not.toContain('new');
  expect(readdirSync(folder)).not.toContain('seen');
  pipedWith({ EDITOR: editor() }, '', 'create', ...several, '--encrypt-vault-id', 'prod', 'new');
  expect(readFileSync(join(folder, 'new'), 'utf8')).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;prod\n/);
});

it('encrypts values of the command line and of standard input, each under its name, into a file', () => {
  const names = ['--name', 'one', '--name', 'two', '--stdin-name', 'key', '--output', 'values.yml'];
  expect(piped('-----BEGIN\n', 'encrypt-string', ...names, 'first', 'second')).toBe('');
  const text = readFileSync(join(folder, 'values.yml'), 'utf8');
  expect(text.match(/^\w+: !vault \|$/gm)).toEqual(['key: !vault |', 'one: !vault |', 'two: !vault |']);
  const values = text.split(/^\w+: !vault \|\n/m).slice(1);
  const opened = values.map((value) => piped(value.replace(/^ +/gm, ''), 'view'));
  expect(opened).toEqual(['-----BEGIN\n', 'first', 'second']);
  expect(() => piped('', 'encrypt-string', '--name', 'a', '--name', 'b', 'x')).toThrow(
    /nothing is left for "b"/,
  );
  expect(() => piped('', 'encrypt-string', '--name', 'a')).toThrow(/standard input is empty/);
});

it('rekeys several files to a new identity', () => {
  writeFileSync(join(folder, 'b'), 'y\n');
  writeFileSync(join(folder, 'next'), 'n\n');
  piped('', 'encrypt', 'a', 'b');
  piped('', 'rekey', '--new-vault-id', 'ops@next', 'a', 'b');
  for (const name of ['a', 'b'])
    expect(readFileSync(join(folder, name), 'utf8')).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;ops\n/);
  const asked = ['rekey', '--new-vault-id', 'ops@next', '--encrypt-vault-id', 'dev', 'a'];
  expect(() => pipedWith({}, '', ...asked, '--vault-id', 'ops@next')).toThrow(/no vault id "dev"/);
});
