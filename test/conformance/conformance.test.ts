import { describe, expect, test } from 'vitest';
import { allCases, type Case } from './case.ts';
import { wantedOutcomes } from './differences.ts';
import type { Outcome } from './outcome.ts';
import { record, recorded } from './record.ts';
import { runCase } from './run-case.ts';

/**
 * Cutover's outcome must be the one that Ansible had when the case was recorded. CONFORMANCE=live asks the installed Ansible first, and its
 * outcome must still be the recorded one (minutes); CONFORMANCE=record writes the recordings anew.
 */
const mode = process.env.CONFORMANCE ?? 'recorded';

describe('same exit code, recap and end state as ansible-playbook', () => {
  test.for(allCases().map((one) => [one.name, one] as const))('%s', { timeout: 180_000 }, async ([, one]) => {
    const ansible = await ansibleOutcomes(one);
    const cutover = await runCase(one, 'cutover');
    expect(cutover.outcomes, `${one.about}\n${cutover.output}`).toEqual(wantedOutcomes(one.name, ansible));
  });
});

async function ansibleOutcomes(one: Case): Promise<readonly Outcome[]> {
  const kept = recorded(one);
  if (mode === 'recorded') {
    expect(kept, `${one.name} has no expected.json: record it where Ansible is installed`).toBeDefined();
    return kept as Outcome[];
  }
  const { outcomes, output } = await runCase(one, 'ansible');
  if (mode === 'record') record(one, outcomes);
  else expect(outcomes, `Ansible does not do what expected.json says\n${output}`).toEqual(kept);
  return outcomes;
}
