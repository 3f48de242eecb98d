/** Commands that write more than anybody wants to keep. */
import { describe, expect, it } from 'vitest';
import { localHosts, type Ran, runSite, workshop } from './workshop.ts';

const MIB = 1024 * 1024;

async function outputOf(task: string, vars = '{}'): Promise<{ ran: Ran; result: Record<string, unknown> }> {
  const site = `- hosts: h\n  gather_facts: false\n  vars: ${vars}\n  tasks:\n    - shell: (echo first; yes ${'x'.repeat(60)} | head -c 9000000; echo last)\n${task}`;
  const ran = await runSite(workshop({ hosts: localHosts('h'), 'site.yml': site }));
  const event = ran.events.find((one) => one.type === 'host-result');
  return { ran, result: event?.type === 'host-result' ? event.result : {} };
}

describe.each([
  ['run', '', 4 * MIB],
  ['only read', '      changed_when: false\n', 4 * MIB],
  ['run as a job', '      async: 60\n      poll: 1\n', 3 * MIB],
])('outputs of commands that are %s', (_, keywords, most) => {
  it('are kept at both ends', async () => {
    const { result } = await outputOf(keywords);
    const stdout = String(result.stdout);
    expect(stdout.slice(0, 10)).toBe('first\nxxxx');
    expect(stdout.slice(-8)).toBe('xxxxlast');
    expect(/\n\[\.\.\. about \d+ kB are left out here \.\.\.\]\n/.test(stdout)).toBe(true);
    expect(stdout.length).toBeLessThan(most + 200);
    expect(result.failed).toBe(false);
  });
});

describe('cutover_output_limit', () => {
  it('says how much is kept, and a warning that something is missing', async () => {
    const { ran, result } = await outputOf('', '{cutover_output_limit: 1}');
    expect(String(result.stdout).length).toBeLessThan(MIB + 200);
    expect(result.warnings).toEqual([expect.stringMatching(/^about 79\d{5} bytes in the middle/)]);
    const warnings = ran.events.filter((event) => event.type === 'warning');
    expect(warnings).toMatchObject([
      { host: 'h', message: expect.stringContaining('about 8 MB in the middle') },
    ]);
  });

  it('0 keeps all', async () => {
    const { result } = await outputOf('', '{cutover_output_limit: 0}');
    expect(String(result.stdout).length).toBe(6 + 9_000_000 + 4);
    expect(result.warnings).toBeUndefined();
  });

  it('must be a number', async () => {
    const { result } = await outputOf('', '{cutover_output_limit: much}');
    expect(result).toMatchObject({
      failed: true,
      msg: 'cutover_output_limit must be a number of MiB, not "much" (4 is usual, 0 means no limit)',
    });
  });
});
