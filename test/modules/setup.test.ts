import { describe, expect, test } from 'vitest';
import gatherFacts from '../../src/modules/gather_facts/index.ts';
import ping from '../../src/modules/ping/index.ts';
import setup from '../../src/modules/setup/index.ts';
import { commandOutput, facts } from '../../src/resources/index.ts';
import { ended, planTask, unknown } from './task-plan.ts';

const gathered = { distribution: 'Debian', distribution_version: '13', hostname: 'web1', local: { a: 1 } };
const states = [[facts(['all'], '/etc/ansible/facts.d'), gathered]] as const;

describe('setup', () => {
  test.each([
    [{}, Object.keys(gathered)],
    [{ filter: 'ansible_distribution*' }, ['distribution', 'distribution_version']],
    [{ filter: ['hostname', 'ansible_local'] }, ['hostname', 'local']],
    [{ filter: '' }, Object.keys(gathered)],
    [{ filter: 'nothing' }, []],
  ])('%j keeps %j', async (args, names) => {
    const plan = await planTask(setup, args, { states });
    expect(Object.keys(plan.resultWith().ansible_facts as object)).toEqual(
      names.map((name) => `ansible_${name}`),
    );
  });

  test('asks for the subset that is wanted', async () => {
    const asked = [[facts(['!all', 'network'], '/etc/facts'), {}]] as const;
    const args = { gather_subset: '!all,network', fact_path: '/etc/facts' };
    expect((await planTask(setup, args, { states: asked })).changed).toBe(false);
  });

  test('names what is no kind of facts', async () => {
    await expect(planTask(setup, { gather_subset: 'harware' }, { states })).rejects.toThrow(
      'Bad subset \'harware\' given to Ansible. There are no facts of that name (did you mean "hardware"?)',
    );
    expect(
      (
        await planTask(
          setup,
          { gather_subset: 'all,!harware' },
          { states: [[facts(['all', '!harware']), {}]] },
        )
      ).changed,
    ).toBe(false);
  });

  test('gather_facts is the same thing', async () => {
    const plan = await planTask(gatherFacts, { parallel: true }, { states });
    expect(plan.resultWith().ansible_facts).toMatchObject({
      ansible_hostname: 'web1',
      ansible_local: { a: 1 },
    });
  });
});

describe('ping', () => {
  const word = commandOutput({ argv: ['printf', '%s', 'pong'] });
  test.each([
    [{}, ended(0, 'pong'), { ping: 'pong' }, undefined],
    [{ data: 'hi' }, ended(0, 'pong'), { ping: 'hi' }, undefined],
    [{ data: 'crash' }, ended(0, 'pong'), {}, 'boom'],
    [{}, ended(0, 'junk'), {}, 'the target answered "junk"'],
  ])('%j', async (args, said, result, failed) => {
    const plan = await planTask(ping, args, { states: [[word, said]] });
    expect(plan.resultWith()).toEqual(result);
    expect(plan.failed).toBe(failed);
  });

  test('nothing known, nothing said', async () => {
    expect((await planTask(ping, {}, { states: [[word, unknown]] })).changed).toBe(unknown);
  });
});
