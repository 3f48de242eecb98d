import { stringify } from 'yaml';
import type { DiffRecord, HostStatus, RunEvent } from '../journal/index.ts';
import { collectedLine } from './collected.ts';
import { customStatsLines } from './custom-stats.ts';
import { shownDiffs } from './diff.ts';
import { inLine } from './in-line.ts';
import { recapLines } from './recap.ts';
import type { Reporter, Write } from './types.ts';

/** What plain lines show. */
export interface PlainOptions {
  /** 0: what changed or went wrong; 1: everything, with results. */
  readonly verbosity: number;
  readonly diff: boolean;
  /** Lines around each difference. Default 3. */
  readonly diffContext?: number;
  /** `ansible`, of a single module: a line for each host. */
  readonly oneLine?: boolean;
  /** Whether what `set_stats` kept is shown at the end. */
  readonly customStats?: boolean;
}

/** Prints a run for logs and pipes: a line for whatever changed or went wrong, and a recap that says how to go on. */
export function plainReporter(write: Write, options: PlainOptions): Reporter {
  const view = new PlainView(options);
  return (event) => {
    for (const line of view.lines(event)) write(`${line}\n`);
  };
}

/** What a rollback made of a host. */
const ROLLED_BACK: Readonly<Record<RolledBack, string>> = {
  restored: 'is restored',
  partial: 'is partly restored: what is irreversible stays as it is',
  nothing: 'had nothing to take back',
  drifted:
    'was changed since, by somebody or by a command of the run; nothing more was touched (--force puts it back all the same)',
  failed: 'is not restored: see above',
  unreachable: 'is not restored: it could not be reached',
};

/** The same of a dry run. */
const WOULD_BE: Readonly<Record<RolledBack, string>> = {
  restored: 'would be restored',
  partial: 'would be partly restored: what is irreversible stays as it is',
  nothing: 'has nothing to take back',
  drifted:
    'was changed since, by somebody or by a command of the run: a rollback would stop there (--force puts it back all the same)',
  failed: 'would not be restored: see above',
  unreachable: 'could not be reached',
};

type RunEnded = RunEvent & { type: 'run-ended' };
type RolledBack = (RunEvent & { type: 'host-rolled-back' })['status'];

/** Turns events into lines; the terminal report uses the same ones for what stays on the screen. */
export class PlainView {
  private readonly options: PlainOptions;
  private run = '';
  private command = 'run';
  private check = false;
  private quiet = 0;

  constructor(options: PlainOptions) {
    this.options = options;
  }

  lines(event: RunEvent): string[] {
    switch (event.type) {
      case 'run-started':
        this.run = event.run;
        this.command = event.command;
        this.check = event.check;
        return [
          `${event.command} ${event.run}: ${event.of ? `of ${event.of}, ` : ''}${event.playbook}${event.check ? ' (dry run)' : ''}`,
        ];
      case 'play-started':
        return ['', `play ${event.name}: ${some(event.hosts)}`];
      case 'no-hosts':
        return ['', `play ${event.name}: no host matches "${event.pattern}", left out`];
      case 'batch-started':
        return [`  batch ${event.batch + 1} of ${event.batches}: ${some(event.hosts)}`];
      case 'item-result':
        return this.item(event);
      case 'host-result':
        return this.result(event);
      case 'retry':
        if (event.attempt > 1 && this.options.verbosity === 0) return [];
        return [
          `    waiting   ${event.host}  ${event.left} tries left${event.result.msg ? `: ${oneLine(event.result.msg)}` : ''}`,
        ];
      case 'rescued':
        return [`    rescued   ${event.host}`];
      case 'warning':
        return [
          `  warning: ${event.host ? `${event.host}: ` : ''}${event.message}${event.position ? ` (${place(event.position)})` : ''}`,
        ];
      case 'rollback-started':
        return ['', `rolling back ${event.run}: ${some(event.hosts)}`];
      case 'undo-result':
        return [
          `    ${event.outcome.padEnd(13)}${event.host}  ${event.seq > 0 ? `#${event.seq} ` : ''}${inLine(event.summary)}`,
          ...(event.detail ? indent(event.detail) : []),
        ];
      case 'host-rolled-back':
        return [`  ${event.host} ${(this.check ? WOULD_BE : ROLLED_BACK)[event.status]}`];
      case 'collected':
        return [collectedLine(event, this.check)];
      case 'play-ended':
        return this.ended();
      case 'run-ended':
        return this.summary(event);
      default:
        return [];
    }
  }

  private item(event: RunEvent & { type: 'item-result' }): string[] {
    if (!this.shows(event.status)) return [];
    return [
      `    ${label(event.status, event.check ?? this.check)}${event.host}  item ${event.label}${why(event.status, event.result)}`,
      ...this.diffs(event.diffs),
    ];
  }

  private result(event: RunEvent & { type: 'host-result' }): string[] {
    // Of one that fails or is unknown its own line says why.
    const tells = event.task.module === 'debug' && ['ok', 'changed'].includes(event.status);
    if (!tells && !this.shows(event.status)) {
      this.quiet++;
      return [];
    }
    const where =
      event.delegatedTo && event.delegatedTo !== event.host
        ? `${event.host} -> ${event.delegatedTo}`
        : event.host;
    const lines = [
      `    ${label(event.status, event.check ?? this.check)}${where}  ${event.task.name}${why(event.status, event.result)}${event.ignored ? ' (ignored)' : ''}`,
    ];
    const exec = this.command === 'exec';
    if (tells) lines.push(...indent(debugText(event.result)));
    // Why a host was not reached stands in the line of the host.
    if (exec && event.status === 'unreachable') return lines;
    if (exec) return [...lines, ...(tells ? [] : answer(event.result)), ...this.diffs(event.diffs)];
    if (event.status === 'failed' || event.status === 'unreachable') lines.push(...failureDetail(event));
    if (event.status === 'changed')
      lines.push(
        ...event.changes
          .filter((change) => !event.loop || change.summary !== '')
          .slice(0, 40)
          .map((change) => `              ${inLine(change.summary)}`),
      );
    if (!event.loop) lines.push(...this.diffs(event.diffs));
    if (this.options.verbosity > 0 && !tells) lines.push(...indent(JSON.stringify(event.result)));
    return lines;
  }

  private shows(status: HostStatus): boolean {
    return this.options.verbosity > 0 || (status !== 'ok' && status !== 'skipped');
  }

  private diffs(diffs: readonly DiffRecord[]): string[] {
    return shownDiffs(diffs, this.options).map((line) => `              ${line}`);
  }

  private ended(): string[] {
    const quiet = this.quiet;
    this.quiet = 0;
    return quiet > 0 ? [`    ${quiet} result${quiet === 1 ? '' : 's'} without change`] : [];
  }

  private foreseen({ will, wont, unknown }: NonNullable<RunEnded['prediction']>): string {
    return this.command === 'rollback'
      ? `${will} change${will === 1 ? '' : 's'} would be taken back, ${wont} would stay`
      : `${will} will change, ${wont} won't, ${unknown} cannot be known before they are carried out`;
  }

  private summary(event: RunEnded): string[] {
    const recap = recapLines(event.stats);
    const lines = recap.length === 0 ? [] : ['', ...recap];
    if (event.custom && this.options.customStats)
      lines.push('', 'custom stats:', ...customStatsLines(event.custom));
    // What `gc` would remove stands in its own lines.
    if (event.prediction && this.command !== 'gc')
      lines.push('', `dry run: ${this.foreseen(event.prediction)}`);
    if (event.coverage && event.coverage.changes > 0 && this.command === 'run') {
      const { changes, reversible } = event.coverage;
      lines.push(
        '',
        `${changes} change${changes === 1 ? '' : 's'}${event.prediction ? ' made all the same, by tasks with check_mode: no' : ''}; rollback covers ${reversible} of ${changes}: cutover rollback ${this.run}`,
      );
    }
    if (event.message) lines.push('', `error: ${event.message}`);
    lines.push(
      `${this.command} ${this.run}: ${event.status}${event.exitCode === 0 ? '' : ` (exit code ${event.exitCode})`}`,
    );
    return lines;
  }
}

function label(status: HostStatus, check: boolean): string {
  const word = check && status === 'changed' ? 'would' : status === 'unreachable' ? 'no contact' : status;
  return word.padEnd(11).slice(0, 11);
}

function why(status: HostStatus, result: Record<string, unknown>): string {
  if (status !== 'failed' && status !== 'unreachable' && status !== 'unknown') return '';
  return typeof result.msg === 'string' && result.msg !== '' ? `: ${oneLine(result.msg)}` : '';
}

function failureDetail(event: RunEvent & { type: 'host-result' }): string[] {
  const lines = [`              at ${place(event.error?.position ?? event.task.position)}`];
  const { hint } = event.error ?? {};
  if (hint !== undefined && !String(event.result.msg).includes(hint)) lines.push(...indent(hint));
  if (event.task.module === 'assert' && event.result.assertion !== undefined)
    lines.push(`              not true: ${oneLine(String(event.result.assertion).replace(/\s+/g, ' '))}`);
  for (const stream of ['stderr', 'stdout']) {
    const text = event.result[stream];
    if (typeof text === 'string' && text.trim() !== '')
      lines.push(...lastLines(text, 12).map((line) => `              ${stream}: ${line}`));
  }
  return lines;
}

function debugText(result: Record<string, unknown>): string {
  const { changed: _c, failed: _f, ...shown } = result;
  return typeof shown.msg === 'string' ? shown.msg : JSON.stringify(shown.msg ?? shown, null, 2);
}

/** What a single module answered: the output of a command as it is, other results key by key. */
function answer(result: Record<string, unknown>): string[] {
  const { stdout, stderr, msg } = result;
  const text = (value: unknown) =>
    typeof value === 'string' && value.trim() !== '' ? indent(value) : ([] as string[]);
  if (typeof stdout === 'string') return [...text(stdout), ...text(stderr)];
  const { changed: _c, failed: _f, invocation: _i, msg: _m, ...rest } = result;
  const data = Object.keys(rest).length === 0 ? '' : stringify(rest, { lineWidth: 0 });
  return [...(result.failed === true ? [] : text(msg)), ...text(data)];
}

function lastLines(text: string, count: number): string[] {
  return text.trimEnd().split('\n').slice(-count).map(printable);
}

/** Control characters of a host's output must not reach a terminal. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '?');
}

function indent(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `              ${printable(line)}`);
}

function oneLine(value: unknown): string {
  return printable(String(value).trim().split('\n').join(' | '));
}

function place(position: { readonly file: string; readonly line: number; readonly column: number }): string {
  return `${position.file}:${position.line}:${position.column}`;
}

/** Names a few hosts and counts the rest. */
function some(hosts: readonly string[]): string {
  return hosts.length <= 8
    ? hosts.join(', ')
    : `${hosts.slice(0, 6).join(', ')} and ${hosts.length - 6} more`;
}
