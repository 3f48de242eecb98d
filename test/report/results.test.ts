import { expect, it } from 'vitest';
import type { RunEvent } from '../../src/journal/index.ts';
import { plainReporter } from '../../src/report/plain.ts';

/** What the report of a debug task with this status says. */
function told(status: 'ok' | 'failed' | 'unknown'): string {
  let text = '';
  const sink = plainReporter(
    (part) => {
      text += part;
    },
    { verbosity: 0, diff: false },
  );
  const task = { id: 't', name: 'says', module: 'debug', position: { file: 'p.yml', line: 3, column: 5 } };
  const result = { changed: false, failed: status === 'failed', msg: 'the words' };
  sink({
    at: 0,
    type: 'host-result',
    task,
    host: 'h1',
    status,
    ignored: false,
    result,
    changes: [],
    diffs: [],
  } as unknown as RunEvent);
  return text;
}

it.each(['ok', 'failed', 'unknown'] as const)('a debug task that is %s says its words once', (status) => {
  expect(told(status).split('the words')).toHaveLength(2);
});
