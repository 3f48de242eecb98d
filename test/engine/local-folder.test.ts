import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { localHosts, runSite, workshop } from './workshop.ts';

it('tasks of a local connection start in the folder of their playbook', async () => {
  const play = `- hosts: h
  gather_facts: false
  tasks:
    - command: touch command
    - file: {path: ./file, state: touch, mode: '0600'}
    - command: ls file
      changed_when: false
`;
  const folder = workshop({
    hosts: localHosts('h'),
    'site.yml': '- import_playbook: sub/play.yml\n',
    'sub/play.yml': play,
  });
  expect((await runSite(folder)).exitCode).toBe(0);
  expect(['sub/command', 'sub/file'].filter((name) => !existsSync(join(folder, name)))).toEqual([]);
});
