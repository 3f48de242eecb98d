import { isUnknown, openMapping, Unknown } from '../../values/index.ts';

/** Adds what Ansible adds to every result: `stdout_lines` beside `stdout`, and `failed` where conditions look for it. */
export function completeResult(result: Record<string, unknown>): Record<string, unknown> {
  const complete: Record<string, unknown> = { ...result };
  for (const name of ['stdout', 'stderr']) {
    const text = complete[name];
    if (typeof text === 'string' && complete[`${name}_lines`] === undefined)
      complete[`${name}_lines`] = splitLines(text);
  }
  complete.changed ??= false;
  complete.failed ??= false;
  return complete;
}

function splitLines(text: string): string[] {
  if (text === '') return [];
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A registered result of which nothing is known but that it was not carried out: every attribute is there, and unknown. */
export function unknownResult(
  reason: string,
  known: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const rest = new Unknown(reason);
  const listed = { failed: false, skipped: false, ...known };
  const told = { changed: rest, rc: rest, stdout: rest, stderr: rest };
  // Only what goes through a loop has results.
  return openMapping({ ...told, ...listed }, rest, ['results']);
}

/** Joins the results of a loop's items into the one that `register` keeps. */
export function loopResult(results: readonly Record<string, unknown>[]): Record<string, unknown> {
  const changed = results.map((result) => result.changed);
  const unknown = changed.find(isUnknown);
  const failed = results.some((result) => result.failed === true && result._ignored !== true);
  const allSkipped = results.length > 0 && results.every((result) => result.skipped === true);
  return {
    results,
    changed: changed.includes(true) ? true : (unknown ?? false),
    ...(failed
      ? { failed: true, msg: 'One or more items failed' }
      : {
          ...(results.length > 0 ? { failed: false } : {}),
          msg: allSkipped ? 'All items skipped' : 'All items completed',
        }),
    ...(results.length === 0
      ? { skipped: true, skipped_reason: 'No items in the list' }
      : allSkipped
        ? { skipped: true }
        : { skipped: false }),
  };
}
