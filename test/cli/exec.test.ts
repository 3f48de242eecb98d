import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cutover } from './cutover.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutover-exec-'));
  writeFileSync(join(folder, 'hosts'), `web1 ansible_connection=local cutover_state_dir=${folder}/state\n`);
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

  const SHELL = ['-m', 'shell', '-a'];
  it.each<[string, readonly string[], number, RegExp]>([
    [
      'output in a line',
      [...SHELL, 'echo a; echo b; echo c >&2'],
      0,
      /^web1 \| CHANGED \| rc=0 \| \(stdout\) a\\nb \(stderr\) c\n$/,
    ],
    [
      'a failure in a line',
      [...SHELL, 'exit 3'],
      2,
      /^web1 \| FAILED! => \{"changed": true,"cmd": "exit 3",.*"stdout_lines": \[\]\}\n$/,
    ],
    ['a result in a line', ['-m', 'ping'], 0, /^web1 \| SUCCESS => \{"changed": false,"ping": "pong"\}\n$/],
  ])('with -o prints %s as ansible does', async (_, args, code, expected) => {
    const ended = await exec('all', '-i', 'hosts', '-o', ...args);
    expect(ended).toMatchObject({ code, stdout: expect.stringMatching(expected) });
  });

  it('prints as ansible does with --output ansible', async () => {
    const as = ['all', '-i', 'hosts', '--output', 'ansible'];
    const failed = await exec(...as, ...SHELL, 'echo a; exit 3');
    expect(failed.stdout).toBe('web1 | FAILED | rc=3 >>\nanon-zero return code\n');
    const pinged = await exec(...as, '-m', 'ping');
    expect(pinged.stdout).toBe('web1 | SUCCESS => {\n    "changed": false,\n    "ping": "pong"\n}\n');
  });

  it('runs a job with -B, looks at it with -P, and writes results into the folder of --tree', async () => {
    const job = ['all', '-i', 'hosts', '-a', 'echo done', '-e', `cutover_state_dir=${folder}/state`];
    const seen = await exec(...job, '-B', '20', '-P', '1', '--tree', 'results');
    expect(seen.code).toBe(0);
    const result = JSON.parse(readFileSync(join(folder, 'results', 'web1'), 'utf8'));
    expect(result).toMatchObject({ finished: true, stdout: 'done', rc: 0 });
    expect((await exec(...job, '-P', 'x')).stderr).toContain('--poll needs whole seconds, not "x"');
    const left = await exec(...job, '-B', '20', '-P', '0', '-o');
    expect(left.stdout).toMatch(/"finished": false/);
    const late = await exec('all', '-i', 'hosts', '-a', 'sleep 60', '--task-timeout', '1', '-o');
    expect(late).toMatchObject({ code: 2, stdout: expect.stringContaining('FAILED!') });
  });

  it('lists hosts and does nothing', async () => {
    const { stdout } = await exec('all', '-i', 'hosts', '--list-hosts', '-m', 'ping');
    expect(stdout).toBe('  hosts (1):\n    web1\n');
  });

  it.each([
    [['-m', 'shell'], /^error: shell needs an argument \(say what to run with -a\)$/],
    [['-m', 'ping', '-B', 'soon'], /^error: --background needs whole seconds, not "soon"$/],
    [['-m', 'comand'], /^error: there is no module "comand" \(did you mean "command"\?\)$/],
    [['-m', 'stat'], /^error: command line:1:1: stat: missing required arguments: path$/],
    [['-m', 'stat', '-a', 'pth=/x'], /^error: command line:1:1: .*"pth".*"path"/m],
  ])('refuses %j in one line', async (args, message) => {
    const { code, stderr } = await exec('all', '-i', 'hosts', ...args);
    expect(code).not.toBe(0);
    expect(stderr.trim()).toMatch(message);
  });
});
