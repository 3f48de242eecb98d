import type { Cursor } from '../cursor.ts';
import type { FrameParts } from '../frame.ts';
import { exportsOf, quote } from '../shell.ts';
import type { CommandSpec } from '../specs.ts';
import type { CommandResult } from '../states.ts';
import { outputBlocks } from './limit.ts';

/** Gives the lines of a frame that run one command (see co_command in runtime/apply.sh). */
export function commandScript(
  spec: CommandSpec,
  parts: FrameParts,
  lane: {
    readonly folder: string;
    /** Where a command starts that names no folder. */
    readonly start: string | undefined;
    readonly environment: Readonly<Record<string, string>>;
    readonly query: boolean;
    /** Bytes of each output that are kept; undefined: as usual, 0: all. */
    readonly outputLimit: number | undefined;
  },
): string[] {
  const lines = [
    `co_dir=${quote(lane.folder)} co_query=${lane.query ? 1 : ''} co_script= co_in= co_blocks=${outputBlocks(lane.outputLimit)}`,
  ];
  const stdin = spec.stdin === undefined ? undefined : Buffer.from(spec.stdin);
  if (stdin && stdin.length > 0) lines.push(`co_in=${quote(parts.bytes(stdin))}`);
  if (spec.argv) lines.push(`co_argv=${quote(spec.argv.map(quote).join(' '))}`);
  else {
    // As a file, not with -c: arguments can be read by every user of the host.
    lines.push(`co_script=${quote(parts.bytes(Buffer.from(spec.script ?? '')))}`);
    lines.push(`co_argv=${quote(`${quote(spec.shell ?? '/bin/sh')} ${quote(`${lane.folder}/script`)}`)}`);
  }
  lines.push(`co_setup=${quote(setup(spec, lane.environment, lane.start))}`, 'co_command');
  return lines;
}

/** What a command leaves behind whose folder could not be entered: this exit code, and this on standard error. */
export const NOT_ENTERED = 249;
export const CANNOT_ENTER = 'cutover: cannot enter';

function setup(
  spec: CommandSpec,
  environment: Readonly<Record<string, string>>,
  start: string | undefined,
): string {
  const steps = ['unset payload'];
  if (spec.umask !== undefined) steps.push(`umask ${spec.umask.toString(8).padStart(3, '0')}`);
  // Without links in it, whatever the path says: so does a program that is started in a folder.
  if (spec.cwd !== undefined)
    steps.push(
      `{ cd -P ${quote(spec.cwd)} 2>/dev/null || { echo ${quote(`${CANNOT_ENTER} ${spec.cwd}`)} >&2; exit ${NOT_ENTERED}; }; }`,
    );
  // Another user may not be let in there.
  else if (start !== undefined) steps.push(`{ cd ${quote(start)} 2>/dev/null || :; }`);
  steps.push(...exportsOf({ ...environment, ...spec.env }));
  return steps.join(' && ');
}

/** Reads what co_command printed: the words behind `@ SEQ done `, then both outputs, which stand at the cursor. */
export function readCommand(words: string, cursor: Cursor): CommandResult {
  const [rc = '', start = '', stop = '', outBytes = '', errBytes = '', missing = '0'] = words
    .trim()
    .split(/\s+/);
  const stdoutBytes = Buffer.from(cursor.take(Number(outBytes)));
  return {
    rc: Number(rc),
    stdout: stdoutBytes.toString(),
    stderr: cursor.take(Number(errBytes)).toString(),
    stdoutBytes,
    startedAt: milliseconds(start),
    endedAt: milliseconds(stop),
    ...(missing === '0' ? {} : { omittedBytes: Number(missing) * 1000 }),
  };
}

/** `date +%s.%N`: hosts without %N print seconds and something else. */
function milliseconds(text: string): number {
  const [, seconds = '0', fraction = '0'] = /^(\d+)(?:\.(\d{3})\d*$)?/.exec(text) ?? [];
  return Number(seconds) * 1000 + Number(fraction);
}
