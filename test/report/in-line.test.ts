import { expect, it } from 'vitest';
import type { RunEvent } from '../../src/journal/index.ts';
import { ansibleReporter } from '../../src/report/ansible.ts';
import { plainReporter } from '../../src/report/plain.ts';
import { runText } from '../../src/report/run-text.ts';

const UNDONE: RunEvent = {
  at: 0,
  type: 'undo-result',
  host: 'h1',
  seq: 1,
  key: 'file:/tmp/two\nlines',
  summary: 'create /tmp/two\nlines\u001b[31m',
  outcome: 'undone',
};

it('the path of a file cannot end a line, nor talk to the terminal', () => {
  for (const report of [plainReporter, ansibleReporter]) {
    let text = '';
    const sink = report(
      (part) => {
        text += part;
      },
      { verbosity: 0, diff: false },
    );
    sink(UNDONE);
    expect(text).toMatch(/^.*undone.*create \/tmp\/two\\nlines\\x1b\[31m\n$/);
  }
  const info = { id: 'r', status: 'ok', command: 'rollback', playbook: 'p', user: 'u', startedAt: 'then' };
  const past = runText({ ...info, hosts: [], changed: 0, check: false } as never, [UNDONE]);
  expect(past).toContain('#1 create /tmp/two\\nlines\\x1b[31m\n');
});
