import { expect, it } from 'vitest';
import { localHosts, runSite, workshop } from './workshop.ts';

/** A task with a mistake in its parameters, and what its result says: Ansible's words, without the module's name. */
const SAID: readonly [task: string, msg: string][] = [
  ['{file: {state: hard}}', 'missing required arguments: path'],
  ['{file: {path: x, state: hard}}', 'src is required for creating new hardlinks'],
  ['{file: {path: x, state: file, recurse: true}}', "recurse option requires state to be 'directory'"],
  [
    '{file: {path: x, state: odd}}',
    'value of state must be one of: file, directory, link, hard, touch, absent, got: odd',
  ],
  ['{copy: {src: x}}', 'dest is required'],
  ['{copy: {}}', 'src (or content) is required'],
  ['{template: {}}', 'src and dest are required'],
  ['{fetch: {src: x}}', 'src and dest are required'],
  ['{assemble: {dest: x}}', 'src and dest are required'],
  ['{unarchive: {src: x}}', 'src (or content) and dest are required'],
  ['{copy: {dest: x, content: a, validate: visudo}}', 'validate must contain %s: visudo'],
  ['{set_fact: {}}', 'No key/value pairs provided, at least one is required for this action to succeed'],
  [
    '{set_fact: {a-b: 1}}',
    "The variable name 'a-b' is not valid. Variables must start with a letter or underscore character, and contain only letters, numbers and underscores.",
  ],
  ['{getent: {}}', 'missing required arguments: database'],
  ['{uri: {}}', 'missing required arguments: url'],
  ['{replace: {}}', 'missing required arguments: path, regexp'],
  ['{copy: {dest: x}}', 'src (or content) is required'],
  ['{copy: {dest: x, src: a, content: b}}', 'src and content are mutually exclusive'],
  ['{lineinfile: {path: x}}', 'line is required with state=present'],
];

it('parameters that are wrong are told in the words that playbooks compare with', async () => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `
- hosts: h1
  gather_facts: false
  tasks:
${SAID.map(([task]) => `    - ${task.replace('{', '{ignore_errors: true, ')}\n`).join('')}`,
  });
  const ran = await runSite(folder);
  const said = ran.events.flatMap((event) => (event.type === 'host-result' ? [event.result.msg] : []));
  expect(said).toEqual(SAID.map(([, msg]) => msg));
});
