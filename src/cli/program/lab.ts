import type { Command } from 'commander';
import { lazy, list } from './flags.ts';

/** Describes practice hosts. */
export function describeLab(program: Command): void {
  const lab = program.command('lab').description('practice hosts on this machine');
  lab
    .command('up')
    .description('make practice hosts')
    .requiredOption('--dir <dir>', 'folder of the lab')
    .option('--hosts <number>', 'how many', '3')
    .option('--backend <kind>', 'embedded, or openssh (Linux, root)', 'embedded')
    .option('--wso2', 'with a running miniature Micro Integrator 4.0.0 on each')
    .option(
      '--fault <host=fault>',
      'let a node misbehave: faulty-capp, broken-capp, never-ready, slow-start, slow-stop, port-taken, crash, lost-api',
      list,
    )
    .action(
      lazy(
        () => import('../commands/lab.ts'),
        (module, flags: never) => module.up(flags),
      ),
    );
  lab
    .command('down')
    .description('remove them')
    .requiredOption('--dir <dir>', 'folder of the lab')
    .action(
      lazy(
        () => import('../commands/lab.ts'),
        (module, flags: never) => module.down(flags),
      ),
    );
  lab
    .command('status')
    .description('show them')
    .requiredOption('--dir <dir>', 'folder of the lab')
    .option('--json', 'as JSON')
    .action(
      lazy(
        () => import('../commands/lab.ts'),
        (module, flags: never) => module.status(flags),
      ),
    );
}
