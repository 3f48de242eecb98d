import { expect, it, vi } from 'vitest';
import { chooseReporter } from '../../src/report/index.ts';
import { localHosts, runSite, workshop } from '../engine/workshop.ts';

/** What the report says of a run of these tasks. */
async function reported(tasks: string, diff: boolean, more = ''): Promise<string[]> {
  const folder = workshop({
    hosts: localHosts('h1', 'h2'),
    'site.yml': `- {${more || 'hosts: h1'}, gather_facts: false, tasks: [${tasks}]}`,
  });
  const { events } = await runSite(folder, { diff });
  const written: string[] = [];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    const report = await chooseReporter('ansible', { verbosity: 0, diff });
    for (const event of events) report.sink(event);
    await report.close();
  } finally {
    stdout.mockRestore();
  }
  return written;
}

it('a task that is tried again is called by its name', async () => {
  const written = await reported("{name: patience, command: 'false', retries: 1, delay: 0}", false);
  expect(written).toContain('FAILED - RETRYING: [h1]: patience (1 retries left).\n');
});

it.each([
  [true, '', true],
  [true, ', diff: false', false],
  [false, '', false],
  [false, ', diff: true', true],
])('--diff %s and the keyword%s', async (option, keyword, shown) => {
  const task = `{copy: {dest: "{{ playbook_dir }}/f", content: "new text\\n"}${keyword}}`;
  const written = await reported(task, option);
  expect(written.includes('+new text\n')).toBe(shown);
  expect(written).toContain('changed: [h1]\n');
});

it('what failed of a loop is told with its items, and once', async () => {
  const written = await reported(
    "{command: 'false', loop: [1], changed_when: false, ignore_errors: true}",
    false,
  );
  expect(written.filter((line) => /^(?:failed|fatal)/.test(line))).toEqual([
    expect.stringMatching(/^failed: \[h1\] \(item=1\) => /),
  ]);
  expect(written).toContain('...ignoring\n');
});

it('an include that is skipped has its head, and so has each batch; a loop that skips everything says so of the host too', async () => {
  const tasks = [
    '{include_tasks: no.yml, when: false}',
    '{command: echo, loop: [1], when: item == 2, name: none}',
  ];
  const written = await reported(tasks.join(', '), false, 'hosts: all, serial: 1, name: in turn');
  const ofHost = (name: string) => [
    'PLAY [in turn]',
    'TASK [include_tasks]',
    `skipping: [${name}]`,
    'TASK [none]',
    `skipping: [${name}] => (item=1)`,
    `skipping: [${name}]`,
  ];
  const lines = written.map((line) => line.replace(/[ *]*\n$/, '')).filter((line) => line !== '');
  expect(lines.slice(0, 12)).toEqual([...ofHost('h1'), ...ofHost('h2')]);
});
