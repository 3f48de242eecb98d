import type { RunEvent } from '../journal/index.ts';
import { shownDiffs } from './diff.ts';
import type { PlainOptions } from './plain.ts';
import { sortedJson } from './sorted-json.ts';
import type { Reporter, Write } from './types.ts';

type HostResult = RunEvent & { readonly type: 'host-result' };

/** Modules whose output is the point: it is shown as it is. */
const TELLS_OUTPUT = ['command', 'shell', 'raw', 'script'];

/** Prints what single modules answered as the command `ansible` does: host by host, or each in one line. */
export function adHocReporter(write: Write, options: PlainOptions): Reporter {
  const { oneLine = false } = options;
  const line = (text: string) => write(`${text}\n`);
  return (event) => {
    if (event.type === 'host-result') {
      shownDiffs(event.diffs, options).forEach(line);
      line(oneLine ? inOneLine(event) : inFull(event));
    } else if (event.type === 'warning') {
      line(`[WARNING]: ${event.message}`);
    } else if (event.type === 'run-ended' && event.message) {
      line(`ERROR! ${event.message}`);
    }
  };
}

function inFull(event: HostResult): string {
  const { host, result } = event;
  const word = wordOf(event);
  if (word === 'SKIPPED') return `${host} | SKIPPED`;
  if (tellsOutput(event)) {
    const said = ['stdout', 'stderr', 'msg'].map((name) => textOf(result[name])).join('');
    return `${host} | ${word} | rc=${result.rc ?? -1} >>\n${said}`;
  }
  return `${host} | ${word}${wentWrong(event) ? '!' : ''} => ${sortedJson(shown(event, false), { indent: 4 })}`;
}

function inOneLine(event: HostResult): string {
  const { host, result } = event;
  const word = wordOf(event);
  if (word === 'SKIPPED') return `${host} | SKIPPED`;
  if (word === 'UNREACHABLE') return `${host} | UNREACHABLE!: ${escaped(textOf(result.msg))}`;
  if (tellsOutput(event) && !wentWrong(event)) {
    const stderr = textOf(result.stderr);
    return `${host} | ${word} | rc=${result.rc ?? -1} | (stdout) ${escaped(textOf(result.stdout))}${stderr ? ` (stderr) ${escaped(stderr)}` : ''}`;
  }
  const indent = event.task.module === 'debug' ? 4 : 0;
  return `${host} | ${word}${wentWrong(event) ? '!' : ''} => ${sortedJson(shown(event, true), { indent, lineEnd: '' })}`;
}

function wordOf({ status, result }: HostResult): string {
  if (status === 'unreachable') return 'UNREACHABLE';
  if (status === 'failed') return 'FAILED';
  if (status === 'skipped') return 'SKIPPED';
  if (status === 'unknown') return 'UNKNOWN';
  return result.changed === true ? 'CHANGED' : 'SUCCESS';
}

const wentWrong = ({ status }: HostResult): boolean => status === 'failed' || status === 'unreachable';

/** A job of its own tells more than the output of its command, and a dry run has none. */
function tellsOutput({ task, result, status }: HostResult): boolean {
  return (
    TELLS_OUTPUT.includes(task.module) &&
    result.ansible_job_id === undefined &&
    (status === 'ok' || status === 'changed' || status === 'failed')
  );
}

function shown({ task, result, status }: HostResult, oneLine: boolean): Record<string, unknown> {
  const { failed: _f, invocation: _i, diff: _d, changed, ...rest } = result;
  // What debug says is all there is to it.
  const quiet = task.module === 'debug' && status !== 'failed' && !oneLine;
  return { ...rest, ...(quiet || changed === undefined ? {} : { changed }) };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const escaped = (text: string): string => text.replaceAll('\r', '\\r').replaceAll('\n', '\\n');
