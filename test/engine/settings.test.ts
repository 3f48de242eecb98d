/** Settings of ansible.cfg that decide how a run goes. */
import { readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, settingValues } from '../../src/config/index.ts';
import { localHosts, type Ran, results, runSite, workshop } from './workshop.ts';

async function runWith(
  cfg: string,
  site: string,
  files: Readonly<Record<string, string>> = {},
): Promise<Ran & { folder: string }> {
  const folder = workshop({ 'ansible.cfg': cfg, 'site.yml': site, hosts: localHosts('h'), ...files });
  const config = settingValues(
    loadConfig({ cwd: folder, env: { ANSIBLE_CONFIG: join(folder, 'ansible.cfg') } }),
  );
  return { ...(await runSite(folder, { config })), folder };
}

const SAYS = (text: string) => `- hosts: h\n  gather_facts: false\n  tasks:\n    - debug: {msg: "${text}"}\n`;

function said(ran: Ran): unknown {
  const event = ran.events.find((one) => one.type === 'host-result');
  return event?.type === 'host-result' ? (event.result.msg ?? event.result.censored) : undefined;
}

describe('ansible.cfg', () => {
  it('hash_behaviour = merge lays mappings over one another, deep', async () => {
    const files = {
      'group_vars/all.yml': 'app: {port: 1, tls: {up: false, key: a}}\nlist: [1]\n',
      'host_vars/h.yml': 'app: {tls: {up: true}}\nlist: [2]\n',
    };
    const site = SAYS('{{ app | to_json }} {{ list }}');
    const merged = await runWith('[defaults]\nhash_behaviour = merge\n', site, files);
    expect(said(merged)).toBe('{"port": 1, "tls": {"up": true, "key": "a"}} [2]');
    expect(said(await runWith('', site, files))).toBe('{"tls": {"up": true}} [2]');
  });

  it('hash_behaviour = merge takes one mapping of the task and its blocks, and lays files of include_vars over one another', async () => {
    const site = `
- hosts: h
  gather_facts: false
  vars: {app: {play: 1}}
  tasks:
    - include_vars: one.yml
    - include_vars: two.yml
    - vars: {app: {block: 1}}
      block:
        - debug: {msg: "{{ app | to_json }}"}
          vars: {app: {task: 1}}
`;
    const files = { 'one.yml': 'app: {file: {one: 1}}\n', 'two.yml': 'app: {file: {two: 2}}\n' };
    const ran = await runWith('[defaults]\nhash_behaviour = merge\n', site, files);
    const last = ran.events.findLast((one) => one.type === 'host-result');
    expect(last?.type === 'host-result' && JSON.parse(String(last.result.msg))).toEqual({
      play: 1,
      task: 1,
      file: { one: 1, two: 2 },
    });
  });

  it('private_role_vars keeps the vars of roles to themselves, but not their defaults', async () => {
    const files = {
      'roles/app/vars/main.yml': 'own: v\n',
      'roles/app/defaults/main.yml': 'common: d\n',
    };
    const site = SAYS("{{ own | default('-') }} {{ common | default('-') }}").replace(
      '  tasks',
      '  roles: [app]\n  tasks',
    );
    expect(said(await runWith('[defaults]\nprivate_role_vars = yes\n', site, files))).toBe('- d');
    expect(said(await runWith('', site, files))).toBe('v d');
  });

  it('no_log hides what does not say otherwise', async () => {
    const ran = await runWith('[defaults]\nno_log = yes\n', SAYS('hidden'));
    expect(said(ran)).toMatch(/has been hidden/);
    const open = await runWith(
      '[defaults]\nno_log = yes\n',
      SAYS('shown').replace('  tasks', '  no_log: false\n  tasks'),
    );
    expect(said(open)).toBe('shown');
  });

  it('task_timeout ends a task that does not say otherwise', async () => {
    const task = '- hosts: h\n  gather_facts: false\n  tasks: [{command: sleep 20}]\n';
    const ran = await runWith('[defaults]\ntask_timeout = 1\n', task);
    expect(results(ran)).toEqual(['h:command=failed']);
  });

  it('gather_subset, fact_path and inject_facts_as_vars', async () => {
    const folder = workshop({ 'facts/mine.fact': '{"a": 1}' });
    const cfg = `[defaults]\ngather_subset = !all,!min,local\nfact_path = ${folder}/facts\ninject_facts_as_vars = no\n`;
    const site =
      '- hosts: h\n  tasks:\n    - debug: {msg: "{{ ansible_facts.ansible_local }} {{ ansible_local }} {{ ansible_facts.kernel is defined }}"}\n';
    const ran = await runWith(cfg, site);
    const told = ran.events.filter((one) => one.type === 'host-result').at(-1);
    expect(told?.type === 'host-result' && told.result.msg).toBe(
      "{'mine': {'a': 1}} {'mine': {'a': 1}} False",
    );
  });

  it('ansible_managed: names, and the time of the template', async () => {
    const cfg = '[defaults]\nansible_managed = By Cutover: {file} of %Y-%m-%d by {uid}\n';
    const folder = workshop({ 't.j2': '{{ ansible_managed }}' });
    utimesSync(join(folder, 't.j2'), 1_000_000_000, 1_000_000_000);
    const site = `- hosts: h\n  gather_facts: false\n  tasks: [{template: {src: ${folder}/t.j2, dest: "${folder}/out"}}]\n`;
    await runWith(cfg, site);
    expect(readFileSync(join(folder, 'out'), 'utf8')).toMatch(
      new RegExp(`^By Cutover: ${folder}/t.j2 of 2001-09-0[89] by \\w+$`),
    );
  });

  it.each([
    ['yes', "numbers.get('a')", 'ok'],
    ['yes', "numbers.get('b')", 'failed'],
    ['no', "numbers.get('a')", 'failed'],
  ])('allow_broken_conditionals = %s: assert that %s is %s', async (setting, that, status) => {
    const site = `- hosts: h\n  gather_facts: false\n  vars: {numbers: {a: [1], b: []}}\n  tasks: [{assert: {that: ${that}}}]\n`;
    const ran = await runWith(`[defaults]\nallow_broken_conditionals = ${setting}\n`, site);
    expect(results(ran)).toEqual([`h:assert=${status}`]);
  });

  it('strategy is that of plays that name none', async () => {
    const ran = await runWith('[defaults]\nstrategy = nonsense\n', SAYS('x'));
    expect(ran.exitCode).toBe(1);
    expect(JSON.stringify(ran.events.at(-1))).toContain('the strategy \\"nonsense\\" is not known');
  });
});
