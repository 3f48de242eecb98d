import { expect, test } from 'vitest';
import { localHosts, runSite, workshop } from '../engine/workshop.ts';

const FILES = {
  hosts: localHosts('h1'),
  'inner.yml': '- {name: inner, debug: {msg: x}}\n- {name: inner deep, debug: {msg: x}, tags: deep}\n',
  'roles/r/tasks/main.yml':
    '- {name: role, debug: {msg: x}}\n- {name: role deep, debug: {msg: x}, tags: deep}\n',
};

/** A task that brings others in, tags, and the names of what runs. `include_tasks` itself has no result of its own. */
const TABLE: readonly [written: string, only: string, skip: string, runs: readonly string[]][] = [
  ['{import_tasks: inner.yml, tags: t}', 't', '', ['inner', 'inner deep']],
  ['{import_tasks: inner.yml, tags: t}', 'deep', '', ['inner deep']],
  ['{import_tasks: inner.yml, tags: t}', '', 'deep', ['inner']],
  ['{include_tasks: inner.yml, tags: t}', '', '', ['inner', 'inner deep']],
  ['{include_tasks: inner.yml, tags: t}', 't', '', []],
  ['{include_tasks: inner.yml, tags: t}', 't,deep', '', ['inner deep']],
  ['{include_tasks: inner.yml, tags: t}', 'deep', '', []],
  ['{include_tasks: {file: inner.yml, apply: {tags: t}}, tags: t}', 't', '', ['inner', 'inner deep']],
  ['{include_tasks: {file: inner.yml, apply: {tags: t}}, tags: always}', 'deep', '', ['inner deep']],
  ['{import_role: {name: r}, tags: t}', 't', '', ['role', 'role deep']],
  ['{include_role: {name: r}, tags: t}', 't', '', []],
  ['{include_role: {name: r, apply: {tags: t}}, tags: t}', 't', '', ['role', 'role deep']],
  ['{tags: t, block: [{include_tasks: inner.yml}]}', 't', '', ['inner', 'inner deep']],
  ['{tags: always, block: [{import_tasks: inner.yml}]}', 'deep', '', ['inner', 'inner deep']],
];

test.each(TABLE)('%s with --tags "%s" --skip-tags "%s"', async (written, only, skip, runs) => {
  const folder = workshop({
    ...FILES,
    'site.yml': `- hosts: h1\n  gather_facts: false\n  tasks:\n    - ${written}\n`,
  });
  const list = (text: string) => text.split(',').filter((word) => word !== '');
  const ran = await runSite(folder, { tags: list(only), skipTags: list(skip) });
  const names = ran.events.flatMap((event) =>
    event.type === 'host-result' ? [event.task.name.replace(/^r : /, '')] : [],
  );
  expect(names).toEqual(runs);
});
