import type { CommandSpec } from '../specs.ts';
import type { Change, UndoKind } from '../types.ts';
import { commandSummary } from './summary.ts';

/** A command as it will run. */
export interface CommandDetail {
  readonly spec: CommandSpec;
}

/** Gives the change that runs a command. Its outcome's `result` is a CommandResult; a non-zero exit code is `done`: the module judges it. */
export function runCommand(
  spec: CommandSpec,
  options: { readonly undo: UndoKind; readonly summary?: string },
): Change {
  const summary = options.summary ?? commandSummary(spec.argv ?? spec.script ?? '');
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
