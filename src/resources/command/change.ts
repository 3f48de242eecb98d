import { createHash } from 'node:crypto';
import { quote } from '../shell.ts';
import type { CommandSpec, Inverse } from '../specs.ts';
import type { Change, UndoKind } from '../types.ts';
import { commandSummary } from './summary.ts';

/** A command as it will run. */
export interface CommandDetail {
  readonly spec: CommandSpec;
  /** A script that shows (`look`) or puts back (`back`) what the command changes. */
  readonly inverse?: string;
  /** The picture that must be found before it runs; `*` when nobody knows. */
  readonly expect?: string;
}

/** Gives the change that runs a command. Its outcome's `result` is a CommandResult; a non-zero exit code is `done`: the module judges it. */
export function runCommand(
  spec: CommandSpec,
  options: { readonly undo: Exclude<UndoKind, 'invertible'>; readonly summary?: string } | Inverse,
): Change {
  const summary = options.summary ?? commandSummary(spec.argv ?? spec.script ?? '');
  if ('look' in options)
    return {
      resource: 'command',
      key: options.key,
      summary,
      undo: 'invertible',
      detail: both(spec, options),
    };
  // The journal on the host keeps the key: no argument gets into it, because arguments may hold secrets.
  const program = spec.argv?.[0] ?? spec.shell ?? '/bin/sh';
  const detail: CommandDetail = { spec };
  return {
    resource: 'command',
    key: `command:${program.slice(0, 200)}`,
    summary,
    undo: options.undo,
    detail,
  };
}

function both(spec: CommandSpec, { look, back, seen }: Inverse): CommandDetail {
  const words = (argv: readonly string[]): string => argv.map(quote).join(' ');
  return {
    spec,
    inverse: `case $1 in\nlook) ${words(look)} ;;\nback) ${words(back)} ;;\nesac\n`,
    expect: seen === undefined ? '*' : `shown,${createHash('sha256').update(seen).digest('hex')}`,
  };
}

/** Whether a change is a command and nothing more: one that nobody has to talk to, and that has no inverse. */
export function isPlainCommand(change: Change): boolean {
  const { spec, inverse } = change.detail as CommandDetail;
  return change.resource === 'command' && inverse === undefined && spec.dialogue === undefined;
}
