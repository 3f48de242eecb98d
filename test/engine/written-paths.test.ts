/** Results name paths as the task wrote them: playbooks cut them with patterns of their own. */
import { expect, it } from 'vitest';
import { localHosts, runSite, workshop } from './workshop.ts';

it.each([
  [
    'the files that find finds',
    'find: {paths: inc, patterns: "*.j2", recurse: yes}',
    'files.0.path',
    'inc/deep/a.j2',
  ],
  [
    'a folder that is none',
    'find: {paths: inc/none}',
    'skipped_paths',
    { 'inc/none': "'inc/none' is not a directory" },
  ],
  ['what stat looks at', 'stat: {path: ./inc/deep/a.j2}', 'stat.path', './inc/deep/a.j2'],
  ['what file makes', 'file: {path: inc/new, state: directory}', 'path', 'inc/new'],
  ['a folder that copy writes into', 'copy: {src: inc/deep/a.j2, dest: inc/}', 'dest', 'inc/a.j2'],
  ['what an absolute path says', 'stat: {path: /}', 'stat.path', '/'],
  ['what begins at home', 'stat: {path: "~"}', 'stat.path', process.env.HOME],
])('%s', async (_, task, key, expected) => {
  const site = `- hosts: h\n  gather_facts: false\n  tasks:\n    - ${task}\n`;
  const folder = workshop({ hosts: localHosts('h'), 'site.yml': site, 'inc/deep/a.j2': 'x\n' });
  const { events } = await runSite(folder);
  const told = events.find((one) => one.type === 'host-result');
  const result: unknown = told?.type === 'host-result' ? told.result : undefined;
  const value = key.split('.').reduce((at, name) => (at as Record<string, unknown>)[name], result);
  expect(value).toEqual(expected);
});
