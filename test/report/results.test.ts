import { expect, it } from 'vitest';
import type { HostStatus, RunEvent } from '../../src/journal/index.ts';
import { plainReporter } from '../../src/report/plain.ts';

/** What the report says of a task's result. */
function told(module: string, status: HostStatus, given: Readonly<Record<string, unknown>>): string {
  let text = '';
  const sink = plainReporter(
    (part) => {
      text += part;
    },
    { verbosity: 0, diff: false },
  );
  const task = { id: 't', name: 'says', module, position: { file: 'p.yml', line: 3, column: 5 } };
  const result = { changed: false, failed: status === 'failed', ...given };
  const event = { at: 0, type: 'host-result', task, host: 'h1', status, ignored: false, result };
  sink({ ...event, changes: [], diffs: [] } as unknown as RunEvent);
  return text;
}

it.each(['ok', 'failed', 'unknown'] as const)('a debug task that is %s says its words once', (status) => {
  expect(told('debug', status, { msg: 'the words' }).split('the words')).toHaveLength(2);
});

it('an assert says which condition is not true', () => {
  const result = { msg: 'Assertion failed', assertion: '1 ==\n 2', evaluated_to: false };
  expect(told('assert', 'failed', result)).toMatch(/at p\.yml:3:5\n +not true: 1 == 2\n/);
});
