import { describe, expect, test } from 'vitest';
import waitForModule from '../../src/modules/wait_for/index.ts';
import waitForConnection from '../../src/modules/wait_for_connection/index.ts';
import { waitFor } from '../../src/resources/index.ts';
import { planTask } from './task-plan.ts';

const port = waitFor({ state: 'started', port: 8290, host: '127.0.0.1' });

describe('wait_for', () => {
  test('turns seconds into the specification of the wait', () => {
    const asked = waitForModule.needs!(
      waitForModule.params.parse({ port: '8290', timeout: '60', delay: 2, sleep: 0.5, connect_timeout: 3 }),
      { get: () => undefined },
      {} as never,
    ) as unknown as { query: unknown; volatile: boolean }[];
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      volatile: true,
      query: {
        port: 8290,
        host: '127.0.0.1',
        timeoutMs: 60_000,
        delayMs: 2000,
        sleepMs: 500,
        connectTimeoutMs: 3000,
      },
    });
  });

  test('says how long it took and what matched', async () => {
    const outcome = { ok: true, elapsedMs: 2600, groups: ['4.1.0'], namedGroups: { v: '4.1.0' } };
    const plan = await planTask(waitForModule, { port: 8290 }, { states: [[port, outcome]] });
    expect(plan).toMatchObject({ changed: false, changes: [] });
    expect(plan.resultWith()).toMatchObject({
      elapsed: 2,
      port: 8290,
      state: 'started',
      match_groups: ['4.1.0'],
      match_groupdict: { v: '4.1.0' },
    });
  });

  test.each([
    [{}, undefined, 'Timeout when waiting for 127.0.0.1:8290'],
    [{}, 'it never came', 'it never came'],
    [{ msg: 'no luck' }, undefined, 'no luck'],
  ])('%j fails when time is up', async (args, message, failed) => {
    const states = [[port, { ok: false, elapsedMs: 60_000, message }]] as const;
    const plan = await planTask(waitForModule, { port: 8290, ...args }, { states });
    expect(plan.failed).toBe(failed);
    expect(plan.resultWith()).toEqual({ elapsed: 60 });
  });

  test('with nothing to look at it only lets time pass', async () => {
    const plan = await planTask(waitForModule, { timeout: 3 });
    expect(plan.effects).toEqual([{ kind: 'pause', seconds: 3 }]);
  });

  test.each([
    [{ port: 1, path: '/x' }, /either port or path/],
    [{ state: 'drained', path: '/x' }, /drained needs a port/],
    [{ state: 'stopped', path: '/x' }, /write absent/],
    [{ state: 'stopped', port: 1, search_regex: 'x' }, /search_regex makes sense only/],
  ])('refuses %j', async (args, message) => {
    await expect(planTask(waitForModule, args)).rejects.toThrow(message);
  });
});

test('wait_for_connection asks nothing: the engine logs in anew until a word is said', async () => {
  const planned = await planTask(waitForConnection, { timeout: 20, delay: '2' }, { states: [] });
  expect(planned).toMatchObject({
    changed: false,
    effects: [{ kind: 'await-connection', timeoutSeconds: 20, delaySeconds: 2, connectTimeoutSeconds: 5 }],
  });
});
