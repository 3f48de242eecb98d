/** What the keywords of a play ask of the host, and what becomes variables of the answer. */
import { describe, expect, it } from 'vitest';
import { loadConfig, settingValues } from '../../src/config/index.ts';
import { localHosts, type Ran, results, runSite, workshop } from './workshop.ts';

async function run(site: string, files: Readonly<Record<string, string>> = {}, env = {}): Promise<Ran> {
  const folder = workshop({ 'site.yml': site, hosts: localHosts('h'), ...files });
  return runSite(folder, { config: settingValues(loadConfig({ cwd: folder, env })) });
}

function lastMessage(ran: Ran): unknown {
  const told = ran.events.filter((one) => one.type === 'host-result').at(-1);
  return told?.type === 'host-result' ? told.result.msg : undefined;
}

describe('gather_subset of a play', () => {
  it('is checked before the run, at its place', async () => {
    const site = '- hosts: h\n  gather_subset: [harware]\n  tasks: [{ping: }]\n';
    await expect(run(site)).rejects.toThrow(/site.yml:2:18: .*did you mean "hardware"/);
  });

  it('is not checked where no facts are gathered', async () => {
    const site = '- hosts: h\n  gather_facts: no\n  gather_subset: [harware]\n  tasks: [{ping: }]\n';
    expect(results(await run(site))).toEqual(['h:ping=ok']);
  });

  it('fails the gathering where the play goes on anyway', async () => {
    const site =
      '- hosts: h\n  gather_subset: [harware]\n  ignore_errors: yes\n  tasks: [{debug: {msg: "{{ ansible_facts.keys() | length }}"}}]\n';
    const ran = await run(site);
    expect(results(ran)).toEqual(['h:Gathering Facts=failed', 'h:debug=ok']);
    expect(lastMessage(ran)).toBe('0');
  });

  it('takes a text for one name, unlike the parameter of setup', async () => {
    const says = '{debug: {msg: "{{ ansible_user_id is defined }} {{ ansible_interfaces is defined }}"}}';
    const play = `- hosts: h\n  gather_subset: "!all,!min,network"\n  tasks: [${says}]\n`;
    expect(lastMessage(await run(play))).toBe('True False');
    const task = `- hosts: h\n  gather_facts: no\n  tasks: [{setup: {gather_subset: "!all,!min,network"}}, ${says}]\n`;
    expect(lastMessage(await run(task))).toBe('False True');
  });
});

describe('gathering', () => {
  it('is done by each host, also in a play that says run_once', async () => {
    const site = '- hosts: all\n  run_once: true\n  gather_subset: [min]\n  tasks: [{ping: }]\n';
    expect(results(await run(site, { hosts: localHosts('a', 'b') })).sort()).toEqual([
      'a:Gathering Facts=ok',
      'a:ping=ok',
      'b:Gathering Facts=ok',
    ]);
  });
});

describe('gathering = smart', () => {
  const smart = { ANSIBLE_GATHERING: 'smart' };
  const task = '{name: step, ping: }';
  it.each([
    ['by the first play that wants facts, also for those that ask for them', ['', ', gather_facts: yes'], 1],
    [
      'for a play after tasks that gave facts',
      [
        `, gather_facts: no, pre_tasks: [{set_fact: {a: 1, cacheable: yes}}, {setup: {gather_subset: "!all"}}]`,
        '',
      ],
      1,
    ],
    ['again once they were cleared', ['', `, pre_tasks: [{meta: clear_facts}]`, ''], 2],
    ['not after gather_facts as a task', [', gather_facts: no, pre_tasks: [{gather_facts: }]', ''], 0],
    ['not where the play wants none', [', gather_facts: no'], 0],
  ])('is done %s', async (_what, plays, times) => {
    const site = plays
      .map((keys) => `- {hosts: h, gather_subset: [min]${keys}, tasks: [${task}]}\n`)
      .join('');
    const ran = await run(site, {}, smart);
    expect(ran.exitCode).toBe(0);
    expect(results(ran).filter((line) => line.includes('Gathering Facts'))).toHaveLength(times);
  });
});

describe('gathering in a play with tags of its own', () => {
  const folder = () =>
    workshop({
      hosts: localHosts('h'),
      'site.yml': '- {hosts: h, tags: [web], gather_subset: [min], tasks: [{ping: , tags: [quick]}]}\n',
    });

  it.each([
    [['web'], ['h:Gathering Facts=ok', 'h:ping=ok']],
    [['quick'], ['h:ping=ok']],
    [['other'], []],
  ])('--tags %s', async (tags, expected) => {
    expect(results(await runSite(folder(), { tags }))).toEqual(expected);
  });
});

describe('names of facts', () => {
  const giver = `#!/bin/sh\necho '{"ansible_facts": {"ansible_kernel": "a", "kernel": "b", "mine": 1, "ansible_local": {"l": 2}}}'\n`;
  const play = (message: string) =>
    `- hosts: h\n  gather_facts: no\n  tasks:\n    - giver:\n    - set_fact: {kept: 3, ansible_too: 4, cacheable: yes}\n    - debug: {msg: "${message}"}\n`;

  it.each([
    ['{{ ansible_kernel }} {{ kernel }} {{ mine }} {{ ansible_mine is defined }}', 'a b 1 False'],
    [
      '{{ ansible_facts.kernel }} {{ ansible_facts.mine }} {{ ansible_facts.ansible_kernel is defined }}',
      'b 1 False',
    ],
    [
      '{{ ansible_local.l }} {{ ansible_facts.ansible_local.l }} {{ ansible_facts.local is defined }}',
      '2 2 False',
    ],
    [
      '{{ ansible_facts.kept }} {{ kept }} {{ ansible_facts.too }} {{ ansible_kept is defined }}',
      '3 3 4 False',
    ],
  ])('%s', async (message, said) => {
    expect(lastMessage(await run(play(message), { 'library/giver': giver }))).toBe(said);
  });

  it('are no variables with inject_facts_as_vars = no, but for local facts', async () => {
    const message =
      '{{ ansible_kernel is defined }} {{ mine is defined }} {{ ansible_local.l }} {{ ansible_facts.mine }}';
    const ran = await run(play(message), { 'library/giver': giver }, { ANSIBLE_INJECT_FACT_VARS: 'no' });
    expect(lastMessage(ran)).toBe('False False 2 1');
  });
});
