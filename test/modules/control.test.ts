import { describe, expect, test } from 'vitest';
import addHost from '../../src/modules/add_host/index.ts';
import assert from '../../src/modules/assert/index.ts';
import debug from '../../src/modules/debug/index.ts';
import fail from '../../src/modules/fail/index.ts';
import groupBy from '../../src/modules/group_by/index.ts';
import meta, { META_ACTIONS } from '../../src/modules/meta/index.ts';
import pause from '../../src/modules/pause/index.ts';
import setFact from '../../src/modules/set_fact/index.ts';
import setStats from '../../src/modules/set_stats/index.ts';
import { Undefined, UnsafeText } from '../../src/values/index.ts';
import { planTask, unknown } from './task-plan.ts';

describe('set_fact', () => {
  test('sets what it is given, types kept but for yes and no', async () => {
    const plan = await planTask(setFact, { a: [1], b: 'yes', c: true, d: null, cacheable: 'yes' });
    const facts = { a: [1], b: true, c: true, d: null };
    expect(plan.effects).toEqual([{ kind: 'set-facts', facts, cacheable: true }]);
    expect(plan.resultWith()).toMatchObject({ ansible_facts: facts });
    expect(plan.changed).toBe(false);
  });

  test.each([
    [{}, /^set_fact No key\/value pairs provided/],
    [{ cacheable: true }, /No key\/value pairs provided/],
    [{ 'a-b': 1 }, /The variable name 'a-b' is not valid/],
    [{ '1a': 1 }, /The variable name '1a' is not valid/],
  ])('refuses %j', async (args, message) => {
    await expect(planTask(setFact, args)).rejects.toThrow(message);
  });
});

describe('debug', () => {
  const expressions = { 'x.y': [1, 2], gone: new Undefined('gone', '"gone" is undefined') };
  test.each([
    [{}, { msg: 'Hello world!' }],
    [{ msg: 'hi' }, { msg: 'hi' }],
    [{ msg: ['a', 'b'] }, { msg: ['a', 'b'] }],
    [{ var: 'x.y' }, { 'x.y': [1, 2] }],
    [{ var: 'gone' }, { gone: 'VARIABLE IS NOT DEFINED!' }],
    [{ var: 'nowhere' }, { nowhere: 'VARIABLE IS NOT DEFINED!' }],
    [{ var: 'nowhere.more' }, { 'nowhere.more': 'VARIABLE IS NOT DEFINED!' }],
    [{ var: { a: 1 } }, { "<class 'dict'>": { a: 1 } }],
    [{ var: new UnsafeText('x.y') }, { 'x.y': [1, 2] }],
    [{ var: new UnsafeText("lookup('pipe', 'id')") }, { "lookup('pipe', 'id')": "lookup('pipe', 'id')" }],
  ])('%j prints %j', async (args, result) => {
    const plan = await planTask(debug, args, { expressions });
    expect(plan.resultWith()).toEqual(result);
    expect(plan.effects).toHaveLength(1);
    expect(plan.changed).toBe(false);
  });

  test.each([
    [0, 2, true],
    [2, 2, false],
    [3, 2, false],
  ])('at -v times %i, verbosity %i is skipped: %s', async (level, verbosity, skipped) => {
    const plan = await planTask(debug, { msg: 'x', verbosity }, { variables: { ansible_verbosity: level } });
    expect(plan.skipped).toBe(skipped ? 'Verbosity threshold not met.' : undefined);
  });

  test('takes msg or var', async () => {
    await expect(planTask(debug, { msg: 'a', var: 'b' })).rejects.toThrow(/either msg or var/);
  });
});

describe('assert', () => {
  const expressions = { yes: true, no: false, who: 'me', open: unknown };
  const words = { fail_msg: 'bad', success_msg: 'good' };
  test.each([
    [{ that: 'yes' }, undefined, { msg: 'All assertions passed' }],
    [{ that: ['yes', true] }, undefined, { msg: 'All assertions passed' }],
    [{ that: ['yes'], ...words }, undefined, { msg: 'good' }],
    [{ that: ['yes', 'no'] }, 'Assertion failed', { assertion: 'no', evaluated_to: false }],
    [{ that: 'no', ...words }, 'bad', { assertion: 'no', evaluated_to: false, msg: 'bad' }],
    [{ that: 'no', msg: 'old name' }, 'old name', { msg: 'old name' }],
    [{ that: 'no', fail_msg: ['one', 'two'] }, 'one; two', { msg: ['one', 'two'] }],
    [{ that: ['open', 'no'] }, 'Assertion failed', { assertion: 'no' }],
  ])('%j', async (args, failed, result) => {
    const plan = await planTask(assert, args, { expressions });
    expect(plan.failed).toBe(failed);
    expect(plan.resultWith()).toMatchObject(result);
  });

  test('cannot know in a dry run what hangs on something unknown', async () => {
    expect((await planTask(assert, { that: ['yes', 'open'] }, { expressions })).changed).toBe(unknown);
  });

  test.each([
    ['who', /gives no true or false/],
    ['gone', /"gone" is undefined/],
  ])('%s is an error', async (that, message) => {
    await expect(planTask(assert, { that }, { expressions })).rejects.toThrow(message);
  });
});

test('fail says why', async () => {
  expect(await planTask(fail, { msg: 'no disk' })).toMatchObject({ failed: 'no disk', changes: [] });
  expect(await planTask(fail, {})).toMatchObject({ failed: 'Failed as requested from task' });
});

describe('pause', () => {
  test.each([
    [{ seconds: 5 }, { seconds: 5 }, 'Paused for 5.0 seconds'],
    [{ seconds: '0' }, { seconds: 1 }, 'Paused for 1.0 seconds'],
    [{ minutes: '0' }, { seconds: 1 }, 'Paused for 0.02 minutes'],
    [{ minutes: 2 }, { seconds: 120 }, 'Paused for 2.0 minutes'],
    [{ minutes: 0.5 }, { seconds: 30 }, 'Paused for 0.5 minutes'],
    [{ prompt: 'Go on?', echo: 'no' }, { prompt: 'Go on?', echo: false, seconds: undefined }, ''],
  ])('%j', async (args, effect, stdout) => {
    const plan = await planTask(pause, args);
    expect(plan.effects![0]).toMatchObject({ kind: 'pause', ...effect });
    expect(plan.resultWith().stdout).toEqual(stdout);
  });

  test('stops a batch once', () => {
    expect(pause.oncePerBatch).toBe(true);
  });

  test('takes one time', async () => {
    await expect(planTask(pause, { seconds: 1, minutes: 1 })).rejects.toThrow(/either seconds or minutes/);
  });
});

test('meta knows its words', async () => {
  for (const action of META_ACTIONS) expect(await planTask(meta, { action })).toMatchObject({ changes: [] });
  await expect(planTask(meta, { action: 'flush_handler' })).rejects.toThrow(/must be one of/);
});

describe('add_host', () => {
  test.each([
    [{ name: 'a' }, { host: 'a', groups: [], vars: {} }],
    [
      { hostname: 'a', groupname: 'x,y', color: 'red' },
      { host: 'a', groups: ['x', 'y'], vars: { color: 'red' } },
    ],
    [
      { host: 'a:2222', group: ['x'] },
      { host: 'a', groups: ['x'], vars: { ansible_port: 2222 } },
    ],
    [{ name: 'fe80::1' }, { host: 'fe80::1', groups: [], vars: {} }],
  ])('%j', async (args, effect) => {
    const plan = await planTask(addHost, args);
    expect(plan.effects).toEqual([{ kind: 'add-host', ...effect }]);
    expect(plan.changed).toBe(true);
  });
});

test('group_by makes a group name', async () => {
  const plan = await planTask(groupBy, { key: 'os Debian', parents: 'a b' });
  expect(plan.effects).toEqual([{ kind: 'group-by', group: 'os-Debian', parents: ['a-b'] }]);
  expect(plan.resultWith()).toEqual({ add_group: 'os-Debian', parent_groups: ['a-b'] });
});

describe('set_stats', () => {
  test('hands values on', async () => {
    const plan = await planTask(setStats, { data: { n: 1 }, per_host: 'yes' });
    expect(plan.result?.([])).toEqual({ ansible_stats: { data: { n: 1 }, per_host: true, aggregate: true } });
  });

  test('wants names', async () => {
    await expect(planTask(setStats, { data: { 'a b': 1 } })).rejects.toThrow(/variable names/);
  });
});
