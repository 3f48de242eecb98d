/** What a vault holds is shown by no command, whatever goes wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cutover } from './cutover.ts';

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cutover-secrets-'));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('hosts', 'web1 ansible_connection=local\n');
  write('password', 'opensesame\n');
  write('vault.yml', 'word: correcthorse\nlist: [batterystaple]\n');
  write('when.yml', '- {hosts: all, vars_files: vault.yml, tasks: [{command: id, when: word}]}\n');
  write('loop.yml', '- {hosts: all, vars_files: vault.yml, tasks: [{command: id, loop: "{{ word }}"}]}\n');
  write(
    'mode.yml',
    '- {hosts: all, vars_files: vault.yml, tasks: [{file: {path: /x, mode: "{{ word }}"}}]}\n',
  );
  write('hosts.yml', '- {hosts: "{{ word }}", vars_files: vault.yml, tasks: [{command: id}]}\n');
  write('port', 'web1 ansible_host=127.0.0.1 ansible_port="{{ word }}"\n');
  const sealed = await cutover(folder, 'vault', 'encrypt', '--vault-password-file', 'password', 'vault.yml');
  expect(sealed.code).toBe(0);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['run', 'when.yml'],
  ['run', 'loop.yml'],
  ['run', 'mode.yml'],
  ['run', 'when.yml', '-i', 'port'],
  ['run', 'when.yml', '-e', '@vault.yml', '-e', '{"hosts": "{{ list[0].x.y }}"}'],
  ['run', 'hosts.yml', '-e', '@vault.yml'],
  ['lint', 'when.yml'],
  ['plan', 'mode.yml'],
  ['plan', 'loop.yml'],
])('%s %s %s %s', async (...args) => {
  const inventory = args.includes('-i') ? [] : ['-i', 'hosts'];
  const { stdout, stderr } = await cutover(
    folder,
    ...args,
    ...inventory,
    '--vault-password-file',
    'password',
  );
  const told = `${stdout}${stderr}`;
  expect(told).not.toMatch(/correcthorse|batterystaple|opensesame/);
  expect(told).not.toBe('');
});
