import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localHosts, workshop } from '../engine/workshop.ts';
import { cutover } from './cutover.ts';

const FILES = {
  hosts: localHosts('h1', 'h2'),
  'site.yml': `
- name: Letters
  hosts: all
  gather_facts: false
  tasks:
    - {name: Write, copy: {content: "hello\\n", dest: "{{ playbook_dir }}/{{ inventory_hostname }}.txt", mode: "0600"}, tags: [w]}
    - {name: Run, command: date, tags: [r]}
`,
};

describe('cutover plan', () => {
  it('prints what would change and keeps it where only its owner can read it', async () => {
    const folder = workshop(FILES);
    const { code, stdout, stderr } = await cutover(folder, 'plan', 'site.yml', '-i', 'hosts', '--out', 'p');
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.split('\n');
    expect(lines).toContain('play Letters: h1, h2');
    expect(lines).toContain('  Write  (copy, site.yml:6)');
    expect(lines).toContain(`             create ${folder}/h1.txt (0600 6 bytes)`);
    expect(lines).toContain('               +hello');
    expect(lines).toContain('    unknown  h1, h2: the command was not run in check mode');
    expect(lines).toContain("2 will change, 0 won't, 2 unknown");
    expect(lines).toContain('2 changes cannot be rolled back');
    expect(statSync(join(folder, 'p')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(folder, 'h1.txt'))).toBe(false);
  });

  it('gives the same document as JSON', async () => {
    const folder = workshop(FILES);
    const { stdout } = await cutover(
      folder,
      'plan',
      'site.yml',
      '-i',
      'hosts',
      '--out',
      'p',
      '--json',
      '-t',
      'w',
    );
    expect(stdout).toBe(readFileSync(join(folder, 'p'), 'utf8'));
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'cutover plan 1',
      options: { tags: ['w'] },
      counts: { will: 2 },
    });
  });
});

describe('cutover run --plan', () => {
  it('needs nothing else, and takes over what the plan was made with', async () => {
    const folder = workshop(FILES);
    await cutover(folder, 'plan', 'site.yml', '-i', 'hosts', '-t', 'w', '-l', 'h2', '--out', 'p');
    const checked = await cutover(folder, 'run', '--plan', 'p', '--check');
    expect([checked.code, checked.stdout]).toEqual([0, 'the plan still fits; nothing was changed\n']);
    expect((await cutover(folder, 'run', '--plan', 'p', '--output', 'plain')).code).toBe(0);
    expect([existsSync(join(folder, 'h1.txt')), existsSync(join(folder, 'h2.txt'))]).toEqual([false, true]);
  });

  it.each([
    [['-l', 'h1'], 1, 'the plan was made with another limit; nothing was changed'],
    [['other.yml'], 1, 'the plan was made with another playbook'],
    [['-e', 'a=1'], 1, 'the extra variables (-e) are others'],
  ])('%j ends with %i', async (flags, code, says) => {
    const folder = workshop(FILES);
    await cutover(folder, 'plan', 'site.yml', '-i', 'hosts', '--out', 'p');
    const called = await cutover(folder, 'run', '--plan', 'p', ...flags);
    expect(called.stderr).toContain(says);
    expect(called.code).toBe(code);
    expect(existsSync(join(folder, 'h1.txt'))).toBe(false);
  });

  it('refuses what is no plan, and a plan that somebody edited', async () => {
    const folder = workshop({ ...FILES, no: 'hello' });
    expect((await cutover(folder, 'run', '--plan', 'no')).stderr).toContain('no is no plan');
    await cutover(folder, 'plan', 'site.yml', '-i', 'hosts', '--out', 'p');
    const { code } = await cutover(folder, 'run');
    expect(code).toBe(1);
    const text = readFileSync(join(folder, 'p'), 'utf8');
    appendFileSync(join(folder, 'edited'), text.replace('(0600 6 bytes)', '(0644 6 bytes)'));
    const edited = await cutover(folder, 'run', '--plan', 'edited');
    expect(edited.stderr).toContain('edited was changed after it was made');
  });
});
