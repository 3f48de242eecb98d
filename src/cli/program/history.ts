import type { Command } from 'commander';
import { hosts, lazy } from './flags.ts';

/** What helps whoever mistyped a command that takes a run. */
const WHICH_RUN =
  '(a run is an id that `cutover runs` lists, or "last"; add --help to see what else it takes)';

/** Describes what looks at earlier runs and takes them back. */
export function describeHistory(program: Command): void {
  hosts(program.command('rollback <run>').description('put back what a run changed (an id, or "last")'))
    .option('-C, --check', 'say what would be put back')
    .option('--to <task>', 'only what came after this task')
    .option('--force', 'put back even what others changed since')
    .option('--from-targets', 'go by the journals of the hosts, where the run store is lost')
    .showHelpAfterError(WHICH_RUN)
    .action(
      lazy(
        () => import('../commands/rollback.ts'),
        (module, reference: string, flags: never) => module.rollback(reference, flags),
      ),
    );

  hosts(
    program
      .command('gc')
      .description('remove old runs and what they kept: from the store, and from the hosts of the inventory'),
  )
    .option('-C, --check', 'say what would be removed')
    .option('--keep <count>', 'the newest that stay (10, where no flag says what goes)')
    .option('--older-than <duration>', 'remove what began longer ago, such as 30d')
    .option('--max-size <bytes>', 'remove the oldest until a place holds no more, such as 500M')
    .action(
      lazy(
        () => import('../commands/gc.ts'),
        (module, flags: never) => module.gc(flags),
      ),
    );

  const runs = program
    .command('runs')
    .description('list the runs of this controller')
    .option('--json', 'as JSON')
    .option('-n, --number <count>', 'only the newest', '20')
    .action(
      lazy(
        () => import('../commands/runs.ts'),
        (module, flags: never) => module.listRuns(flags),
      ),
    );
  runs
    .command('show <run>')
    .description('show a run: every change, failure and how it ended')
    .option('--json', 'as JSON')
    .showHelpAfterError(WHICH_RUN)
    .action(
      lazy(
        () => import('../commands/runs.ts'),
        (module, reference: string, flags: never, command: Command) =>
          module.showRun(reference, {
            json: Boolean((flags as { json?: boolean }).json ?? command.parent?.opts().json),
          }),
      ),
    );
}
