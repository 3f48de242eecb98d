import { describe, expect, it } from 'vitest';
import { selectTags } from '../../src/playbook/index.ts';
import { flat, load } from '../playbook/fixture.ts';

/**
 * What `--tags` and `--skip-tags` select. Columns: --tags, --skip-tags, then whether a task runs that has
 * no tags, `a`, `always`, `never`, `never, a`, `always, a`.
 */
const TABLE: readonly [only: string, skip: string, ...runs: string[]][] = [
  //                    none   a      always never  nev+a  alw+a
  ['', '', /*        */ 'yes', 'yes', 'yes', 'no', 'no', 'yes'],
  ['all', '', /*     */ 'yes', 'yes', 'yes', 'no', 'no', 'yes'],
  ['a', '', /*       */ 'no', 'yes', 'yes', 'no', 'yes', 'yes'],
  ['b', '', /*       */ 'no', 'no', 'yes', 'no', 'no', 'yes'],
  ['a,b', '', /*     */ 'no', 'yes', 'yes', 'no', 'yes', 'yes'],
  ['never', '', /*   */ 'no', 'no', 'yes', 'yes', 'yes', 'yes'],
  ['all,never', '', /**/ 'yes', 'yes', 'yes', 'yes', 'yes', 'yes'],
  ['always', '', /*  */ 'no', 'no', 'yes', 'no', 'no', 'yes'],
  ['tagged', '', /*  */ 'no', 'yes', 'yes', 'no', 'no', 'yes'],
  ['untagged', '', /**/ 'yes', 'no', 'yes', 'no', 'no', 'yes'],
  ['', 'a', /*       */ 'yes', 'no', 'yes', 'no', 'no', 'no'],
  ['', 'always', /*  */ 'yes', 'yes', 'no', 'no', 'no', 'no'],
  ['', 'tagged', /*  */ 'yes', 'no', 'no', 'no', 'no', 'no'],
  ['', 'untagged', /**/ 'no', 'yes', 'yes', 'no', 'no', 'yes'],
  ['', 'all', /*     */ 'no', 'no', 'yes', 'no', 'no', 'yes'],
  ['', 'all,always', /**/ 'no', 'no', 'no', 'no', 'no', 'no'],
  ['a', 'a', /*      */ 'no', 'no', 'yes', 'no', 'no', 'no'],
  ['a', 'always', /* */ 'no', 'yes', 'no', 'no', 'yes', 'no'],
];
const TASKS: readonly string[][] = [[], ['a'], ['always'], ['never'], ['never', 'a'], ['always', 'a']];

describe('what --tags and --skip-tags select', () => {
  it.each(TABLE)('--tags "%s" --skip-tags "%s"', (only, skip, ...runs) => {
    const selected = TASKS.map((tags) => (selectTags({ tags }, list(only), list(skip)) ? 'yes' : 'no'));
    expect(selected).toEqual(runs);
  });
});

function list(words: string): string[] {
  return words === '' ? [] : words.split(',');
}

/** Where a tag is written, and the tags that tasks have then. */
const INHERITED: readonly [where: string, site: string, tags: Record<string, string[]>][] = [
  ['on a play', '- hosts: all\n  tags: t\n  tasks: [{ping: }]', { ping: ['t'] }],
  ['on a block', '- hosts: all\n  tasks: [{tags: t, block: [{ping: , tags: u}]}]', { ping: ['t', 'u'] }],
  ['on a role', '- hosts: all\n  roles: [{role: r, tags: [t]}]', { 'in role': ['t', 'r'] }],
  [
    'on import_tasks',
    '- hosts: all\n  tasks: [{import_tasks: more.yml, tags: t}]',
    { 'in file': ['t', 'f'] },
  ],
  ['on import_role', '- hosts: all\n  tasks: [{import_role: {name: r}, tags: t}]', { 'in role': ['t', 'r'] }],
  ['on import_playbook', '- import_playbook: other.yml\n  tags: t', { ping: ['t', 'o'] }],
  ['on include', '- hosts: all\n  tasks: [{include: more.yml, tags: t}]', { 'in file': ['t', 'f'] }],
  [
    'on include_tasks: only on itself',
    '- hosts: all\n  tasks: [{include_tasks: more.yml, tags: t}]',
    { include_tasks: ['t'] },
  ],
];

describe('tags written', () => {
  it.each(INHERITED)('%s', async (_where, site, expected) => {
    const { plays } = await load({
      'site.yml': `${site}\n`,
      'more.yml': '- name: in file\n  ping:\n  tags: f\n',
      'other.yml': '- hosts: all\n  tags: o\n  tasks: [{ping: }]\n',
      'roles/r/tasks/main.yml': '- name: in role\n  ping:\n  tags: r\n',
    });
    const nodes = flat([...plays[0]!.roleTasks, ...plays[0]!.tasks]);
    expect(
      Object.fromEntries(nodes.map((node) => [node.name?.value ?? node.writtenModule, node.tags])),
    ).toEqual(expected);
  });
});
