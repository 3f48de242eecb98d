import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cutover } from './cutover.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutover-exec-'));
  writeFileSync(join(folder, 'hosts'), 'web1 ansible_connection=local\n');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const exec = (...args: readonly string[]) => cutover(folder, 'exec', ...args);

describe('cutover exec', () => {
  it('shows what a command printed as it is', async () => {
    const { code, stdout } = await exec(
      'all',
      '-i',
      'hosts',
      '-m',
      'shell',
      '-a',
      'echo "one  two"; echo three >&2',
    );
    expect(code).toBe(0);
    expect(stdout).toContain('changed    web1  shell\n              one  two\n              three\n');
  });

  it('runs a command when no module is named, and says once what debug says', async () => {
    const ran = await exec('all', '-i', 'hosts', '-a', 'echo "one  two"');
    expect(ran.stdout).toContain('changed    web1  command\n              one  two\n');
    const said = await exec('all', '-i', 'hosts', '-m', 'debug', '-a', 'msg=hello');
    expect(said.stdout.match(/hello/g)).toHaveLength(1);
  });

  it('shows other results key by key', async () => {
    const { stdout } = await exec('all', '-i', 'hosts', '-m', 'stat', '-a', 'path=/nowhere');
    expect(stdout).toContain('ok         web1  stat\n              stat:\n                exists: false\n');
  });

  it('fails when no host matches, and says where it looked', async () => {
    const given = await exec('web2', '-i', 'hosts', '-m', 'ping');
    expect(given.code).toBe(1);
    expect(given.stdout).toMatch(/error: no host matches "web2" \(look at the inventory .*hosts\)/);
    const none = await exec('web2', '-m', 'ping');
    expect(none.code).toBe(1);
    expect(none.stdout).toContain('no inventory was given, so only localhost is known: name one with -i');
  });

  it('takes group_vars beside --playbook-dir, as cutover inventory does', async () => {
    mkdirSync(join(folder, 'site', 'group_vars'), { recursive: true });
    writeFileSync(join(folder, 'site', 'group_vars', 'all.yml'), 'colour: blue\n');
    const dir = ['--playbook-dir', 'site'];
    const said = await exec('all', '-i', 'hosts', ...dir, '-m', 'debug', '-a', 'msg={{ colour }}');
    expect(said.stdout).toContain('blue');
    const shown = await cutover(folder, 'inventory', '-i', 'hosts', ...dir, '--host', 'web1');
    expect(JSON.parse(shown.stdout)).toMatchObject({ colour: 'blue' });
  });

  it.each([
    [['-m', 'comand'], /^error: there is no module "comand" \(did you mean "command"\?\)$/],
    [['-m', 'stat'], /^error: command line:1:1: stat needs the parameter "path"$/],
    [['-m', 'stat', '-a', 'pth=/x'], /^error: command line:1:1: .*"pth".*"path"/m],
  ])('refuses %j in one line', async (args, message) => {
    const { code, stderr } = await exec('all', '-i', 'hosts', ...args);
    expect(code).not.toBe(0);
    expect(stderr.trim()).toMatch(message);
  });
});
