import { describe, expect, it } from 'vitest';
import { localHosts, workshop } from '../engine/workshop.ts';
import { cutover } from './cutover.ts';

const FILES = {
  hosts: localHosts('h'),
  'site.yml':
    '- hosts: h\n  gather_facts: false\n  tasks:\n    - {debug: {msg: x}, when: false}\n    - {copy: {content: "b\\n", dest: "{{ playbook_dir }}/f"}}\n',
  'ansible.cfg':
    '[defaults]\ninventory = hosts\nfork = 3\nnocows = 1\ndisplay_skipped_hosts = no\n[diff]\nalways = yes\ncontext = 0\n',
  f: '1\na\n',
};

describe('what ansible.cfg says', () => {
  it('counts, and what has no effect is named at -v, once', async () => {
    const folder = workshop(FILES);
    const quiet = await cutover(folder, 'run', 'site.yml', '--check', '--output', 'ansible');
    expect(quiet.stderr).toBe('');
    expect(quiet.stdout).not.toContain('skipping');
    expect(quiet.stdout).toContain('skipped=1');
    expect(quiet.stdout).toContain('@@ -1,2 +1,1 @@\n-1\n-a\n+b\n');
    const told = await cutover(folder, 'run', 'site.yml', '--check', '-v');
    expect(told.stderr).toBe(
      `note: defaults.fork (${folder}/ansible.cfg:3) has no effect here: did you mean "forks"?\nnote: defaults.nocows (${folder}/ansible.cfg:4) has no effect here\n`,
    );
  });

  it('chooses tags, besides those of the flags', async () => {
    const task = (tag: string) => `    - {debug: {msg: "<${tag}>"}, tags: [${tag}]}\n`;
    const folder = workshop({
      hosts: localHosts('h'),
      'site.yml': `- hosts: h\n  gather_facts: false\n  tasks:\n${['a', 'b', 'c', 'd'].map(task).join('')}`,
      'ansible.cfg': '[defaults]\ninventory = hosts\n[tags]\nrun = a, b\nskip = b\n',
    });
    const { stdout } = await cutover(folder, 'run', 'site.yml', '-t', 'c', '--output', 'ansible');
    expect(stdout.match(/<.>/g)).toEqual(['<a>', '<c>']);
  });
});
