import { expect, it } from 'vitest';
import { singleTask } from '../../src/playbook/index.ts';
import { OPTIONS } from './fixture.ts';

it.each([
  ['command', 'uptime -p', { cmd: 'uptime -p' }],
  ['copy', 'src=a dest="b c"', { src: 'a', dest: 'b c' }],
  ['ansible.builtin.ping', '', {}],
  ['copy', { dest: 'x' }, { dest: 'x' }],
] as const)('%s %j', async (module, args, expected) => {
  expect(await singleTask(module, args, OPTIONS)).toMatchObject({
    kind: 'task',
    id: 'exec.0',
    args: expected,
  });
});

it.each([
  ['commnd', 'uptime', /"commnd" is neither.*did you mean "command"/],
  ['copy', 'src=a', /copy needs "dest"/],
  ['ping', 'just text', /takes parameters, not the text "just text"/],
  ['include_tasks', 'a.yml', /"include_tasks" is no module for a single task/],
  ['import_role', { name: 'x' }, /the role "x" was not found/],
] as const)('%s %j is refused', async (module, args, expected) => {
  await expect(singleTask(module, args, OPTIONS)).rejects.toThrow(expected);
});
