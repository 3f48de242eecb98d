import type { ChangeOutcome } from '../../resources/index.ts';
import type { Unknown } from '../../values/index.ts';

/** What a command left behind, as the `command` resource gives it. */
export interface Ended {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Epoch milliseconds of the host. */
  readonly start?: number;
  readonly end?: number;
}

/** Reads the result of a command's change, or undefined when it did not run. */
export function endedCommand(outcome: ChangeOutcome | undefined): Ended | undefined {
  const result = outcome?.result;
  if (typeof result?.rc !== 'number') return undefined;
  return {
    rc: result.rc,
    stdout: text(result.stdout),
    stderr: text(result.stderr),
    start: milliseconds(result.startedAt),
    end: milliseconds(result.endedAt),
  };
}

/** Gives the keys that say what a command wrote: `stdout`, `stderr`, their lines, `rc`. */
export function outputKeys(ended: Ended, stripEmptyEnds = true): Record<string, unknown> {
  const stdout = stripEmptyEnds ? ended.stdout.replace(/[\r\n]+$/, '') : ended.stdout;
  const stderr = stripEmptyEnds ? ended.stderr.replace(/[\r\n]+$/, '') : ended.stderr;
  return { rc: ended.rc, stdout, stdout_lines: lines(stdout), stderr, stderr_lines: lines(stderr) };
}

/** Gives `start`, `end` and `delta` as Ansible writes them; times are UTC. */
export function timeKeys(ended: Ended): Record<string, unknown> {
  if (ended.start === undefined || ended.end === undefined) return {};
  return { start: stamp(ended.start), end: stamp(ended.end), delta: duration(ended.end - ended.start) };
}

/** The keys of a command that a dry run did not run: nobody knows them. */
export function unknownKeys(unknown: Unknown): Record<string, unknown> {
  return {
    rc: unknown,
    stdout: unknown,
    stdout_lines: unknown,
    stderr: unknown,
    stderr_lines: unknown,
  };
}

/** Splits text into lines; a line end at the end makes no empty line. */
function lines(value: string): string[] {
  if (value === '') return [];
  return value.replace(/\r?\n$/, '').split(/\r\n|\r|\n/);
}

/** Gives a length of time as `0:00:01.250000`. */
function duration(milliseconds: number): string {
  const micro = Math.max(0, Math.round(milliseconds * 1000));
  const seconds = Math.floor(micro / 1e6);
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const dayText = days === 0 ? '' : `${days} day${days === 1 ? '' : 's'}, `;
  const hours = Math.floor((seconds % 86_400) / 3600);
  return `${dayText}${hours}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}.${String(micro % 1e6).padStart(6, '0')}`;
}

/** Gives a moment as `2026-01-31 23:59:59.000000`, UTC. */
function stamp(epochMs: number): string {
  return `${new Date(epochMs).toISOString().replace('T', ' ').replace('Z', '')}000`;
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('utf8') : '';
}

function milliseconds(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/**
 * Gives the keys of a failed task when a helper command of a module ended with an exit code, or a change failed;
 * nothing when all went well.
 */
export function commandFailure(outcomes: readonly ChangeOutcome[]): Record<string, unknown> {
  for (const [index, outcome] of outcomes.entries()) {
    const ended = endedCommand(outcome);
    if (ended && ended.rc !== 0) {
      const msg = `${outcome.change.summary}: ${complaintOf(ended)}`;
      return { failed: true, changed: index > 0, msg, ...outputKeys(ended) };
    }
    if (outcome.status === 'failed') return { failed: true, msg: outcome.message };
  }
  return {};
}

/** Gives the last thing that a program complained about; that there is a --help is none. */
export function complaintOf({ rc, stdout, stderr }: Omit<Ended, 'start' | 'end'>): string {
  const lines = (stderr.trim() || stdout.trim()).split('\n');
  return lines.findLast((line) => line.trim() !== '' && !/^Try [`'"].*help/.test(line)) ?? `exit code ${rc}`;
}
