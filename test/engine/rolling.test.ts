import { describe, expect, it } from 'vitest';
import { asksAnsible, rollWithAnsible, rollWithCutover } from './rolling.ts';
import { CASES } from './rolling-cases.ts';

describe('batches, strategies and failures', () => {
  it.each(CASES.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const { log, recap, exitCode } = one;
    expect(await rollWithCutover(one)).toEqual({ log, recap, exitCode });
  });
});

describe.runIf(asksAnsible)('the real Ansible agrees', () => {
  it.each(CASES.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const { log, recap, exitCode } = one.ansible ?? one;
    expect(await rollWithAnsible(one)).toEqual({ log, recap, exitCode });
  });
});
