import { describe, expect, it } from 'vitest';
import { loadModule, moduleCatalog } from '../../src/modules/index.ts';
import { localHosts, results, runSite, workshop } from '../engine/workshop.ts';

const { resolve, missing } = moduleCatalog();

describe('modules that are not built here', () => {
  it.each([
    ['nagios', 'nagios'],
    ['community.general.zfs', 'community.general.zfs'],
    ['community.mongodb.mongodb_user', 'community.mongodb.mongodb_user'],
    ['community.general.win_feature', 'community.general.win_feature'],
    ['some.body.own_module', 'some.body.own_module'],
  ])('%s is known to exist', (name, resolved) => {
    expect([resolve(name), missing(name)]).toEqual([resolved, expect.stringContaining('is not built into')]);
  });

  it.each(['aptkey', 'ansible.builtin.cpoy', 'community.general.no_such_thing', 'a.b', 'a b.c.d'])(
    '%s is a slip of the pen',
    (name) => {
      expect(resolve(name)).toBeUndefined();
    },
  );

  it('those that are built here are not among them', async () => {
    expect([resolve('ansible.builtin.copy'), missing('copy')]).toEqual(['copy', undefined]);
    expect((await loadModule('copy')).summary).not.toContain('not built');
  });

  it('a task that is skipped is no matter; one that is reached fails with the name, and can be rescued', async () => {
    const folder = workshop({
      hosts: localHosts('h1'),
      'site.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - {name: not here, nagios: {action: silence}, when: false}
    - {name: words, win_shell: dir C:\\, when: false}
    - block: [{name: reached, community.mongodb.mongodb_user: {name: x}}]
      rescue: [{name: saved, debug: {msg: "{{ ansible_failed_result.msg }}"}}]
    - {name: end, community.docker.docker_container: name=x, when: ansible_failed_result is defined}
`,
    });
    const ran = await runSite(folder);
    expect(results(ran)).toEqual([
      'h1:not here=skipped',
      'h1:words=skipped',
      'h1:reached=failed',
      'h1:saved=ok',
      'h1:end=failed',
    ]);
    expect(ran.exitCode).toBe(2);
    const warnings = ran.events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
    expect(warnings.filter((line) => line.includes('not built in'))).toHaveLength(4);
  });
});
