import type { Task } from '../../../playbook/index.ts';
import { type LintProblem, warning } from '../problem.ts';
import type { Subject } from '../subject.ts';

const COMMANDS = ['command', 'shell', 'raw', 'script'];

/** Finds commands that always count as a change and that no rollback can take back. Handlers run again after a rollback: they need no undo. */
export function* withoutUndo({ plays }: Subject): Iterable<LintProblem> {
  const seen = new Set<string>();
  for (const { tasks } of plays) {
    for (const { node, part } of tasks) {
      if (part !== 'task' || node.kind !== 'task' || !COMMANDS.includes(node.module) || covered(node))
        continue;
      const { position } = node;
      const place = `${position.file}:${position.line}:${position.column}`;
      if (seen.has(place)) continue;
      seen.add(place);
      yield warning(
        'no-undo',
        `this ${node.module} counts as changed in every run, and no rollback takes it back`,
        {
          position,
          hint: 'say when with changed_when or creates, or how back with undo',
        },
      );
    }
  }
}

function covered({ args, changedWhen, undo }: Task): boolean {
  return (
    changedWhen !== undefined ||
    undo !== undefined ||
    'creates' in args ||
    'removes' in args ||
    '_variable' in args
  );
}
