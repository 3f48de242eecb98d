import { expect, test } from 'vitest';
import { localHosts, runSite, workshop } from '../engine/workshop.ts';

/** A play's tasks (each `- change` notifies), its handlers, and what ran in which order. */
const TABLE: readonly [what: string, tasks: string, handlers: string, ran: readonly string[]][] = [
  ['run once, at the end', '[change a, change a, task]', '[a]', ['change', 'change', 'task', 'a']],
  [
    'run in the order in which they are written',
    '[change b, change a]',
    '[a, b]',
    ['change', 'change', 'a', 'b'],
  ],
  ['do not run for a task that changed nothing', '[same a]', '[a]', ['same']],
  ['do not run for a skipped task', '[skip a, task]', '[a]', ['skip', 'task']],
  [
    'run early on flush_handlers, and again later',
    '[change a, flush, change a]',
    '[a]',
    ['change', 'a', 'change', 'a'],
  ],
  ['notify each other', '[change a]', '[a>b, b]', ['change', 'a', 'b']],
  ['listen to a topic', '[change topic]', '[a@topic, b@topic]', ['change', 'a', 'b']],
  ['do not run after a failure', '[change a, fail]', '[a]', ['change', 'fail']],
];

// Measured with ansible-core 2.14: a list of handlers is a file or a block, or what stands between two blocks.
test.each([
  ['the first of a list', ['a1', 'a2'], 'a1'],
  ['the later list', ['a1', 'block a2', 'a3'], 'a3'],
  ['the first of the later list', ['a1', 'block a2 a3'], 'a2'],
])('of several handlers with one name, %s runs', async (_what, handlers, expected) => {
  const one = (mark: string) => `{name: a, debug: {msg: ${mark}}}`;
  const lines = handlers.map((text) => {
    const [word, ...marks] = text.split(' ');
    return word === 'block' ? `    - block: [${marks.map(one).join(', ')}]\n` : `    - ${one(word!)}\n`;
  });
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `- hosts: h1\n  gather_facts: false\n  tasks:\n${task('change a')}  handlers:\n${lines.join('')}`,
  });
  const { events } = await runSite(folder);
  const said = events.flatMap((event) => (event.type === 'host-result' ? [event.result.msg] : []));
  expect(said).toEqual(['x', expected]);
});

test.each(TABLE)('handlers %s', async (_what, tasks, handlers, expected) => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `
- hosts: h1
  gather_facts: false
  tasks:
${words(tasks).map(task).join('')}
  handlers:
${words(handlers).map(handler).join('')}`,
  });
  const ran = await runSite(folder);
  expect(ran.events.flatMap((event) => (event.type === 'host-result' ? [event.task.name] : []))).toEqual(
    expected,
  );
});

test('force_handlers runs them after a failure', async () => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `
- hosts: h1
  gather_facts: false
  force_handlers: true
  tasks:
${['change a', 'fail'].map(task).join('')}
  handlers:
${handler('a')}`,
  });
  const ran = await runSite(folder);
  expect(ran.events.flatMap((event) => (event.type === 'host-result' ? [event.task.name] : []))).toEqual([
    'change',
    'fail',
    'a',
  ]);
  expect(ran.exitCode).toBe(2);
});

test('clear_host_errors among them forgives the failure that they were forced after', async () => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `
- hosts: h1
  gather_facts: false
  force_handlers: true
  tasks:
    - {command: 'true', notify: forgive}
    - fail:
  handlers:
    - {name: forgive, meta: clear_host_errors}`,
  });
  expect((await runSite(folder)).exitCode).toBe(0);
});

test.each([
  ['include_role: {name: other}', 'include_role cannot be used as a handler'],
  ['import_role: {name: other}', 'import_role cannot be used as a handler'],
  ['meta: flush_handlers', 'flush_handlers cannot be used as a handler'],
])('%s is no handler', async (handler, message) => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `
- hosts: h1
  tasks: []
  handlers:
    - name: h
      ${handler}`,
    'roles/other/tasks/main.yml': '[]',
  });
  await expect(runSite(folder)).rejects.toThrow(message);
});

test('a name that no handler has fails the task', async () => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `- hosts: h1\n  gather_facts: false\n  tasks:\n${task('change nobody')}`,
  });
  const ran = await runSite(folder);
  expect(ran.exitCode).not.toBe(0);
});

function words(list: string): string[] {
  return list.slice(1, -1).split(', ');
}

function task(text: string): string {
  const [word, notify] = text.split(' ');
  if (word === 'flush') return '    - meta: flush_handlers\n';
  if (word === 'fail') return '    - {name: fail, fail: {msg: x}}\n';
  const extra = { change: 'changed_when: true', same: 'changed_when: false', skip: 'when: false', task: '' }[
    word!
  ];
  const fields = [`name: ${word}`, 'debug: {msg: x}', extra, notify && `notify: ${notify}`];
  return `    - {${fields.filter(Boolean).join(', ')}}\n`;
}

function handler(text: string): string {
  const [, name, kind, other] = /^(\w+)(?:([>@])(\w+))?$/.exec(text)!;
  const extra =
    kind === '>' ? `changed_when: true, notify: ${other}` : kind === '@' ? `listen: ${other}` : '';
  return `    - {${[`name: ${name}`, 'debug: {msg: x}', extra].filter((part) => part !== '').join(', ')}}\n`;
}
