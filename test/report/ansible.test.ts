import { expect, it, vi } from 'vitest';
import { chooseReporter } from '../../src/report/index.ts';
import { localHosts, runSite, workshop } from '../engine/workshop.ts';

it('a task that is tried again is called by its name', async () => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `- hosts: h1
  gather_facts: false
  tasks:
    - {name: patience, command: 'false', retries: 1, delay: 0}`,
  });
  const { events } = await runSite(folder);
  const written: string[] = [];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    const report = await chooseReporter('ansible', { verbosity: 0, diff: false });
    for (const event of events) report.sink(event);
    await report.close();
  } finally {
    stdout.mockRestore();
  }
  expect(written).toContain('FAILED - RETRYING: [h1]: patience (1 retries left).\n');
});
