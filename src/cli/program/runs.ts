import type { Command } from 'commander';
import { checks, hosts, lazy, plays } from './flags.ts';

/** Describes what runs playbooks and modules. */
export function describeRuns(program: Command): void {
  checks(plays(program.command('run [playbooks...]').description('run playbooks')))
    .option('--plan <file>', 'apply exactly what this plan lists, or refuse')
    .option('--step', 'ask before each task')
    .option('--syntax-check', 'read and check everything, touch no host')
    .option('--list-hosts', 'list the hosts of each play')
    .option('--list-tasks', 'list the tasks of each play')
    .option('--list-tags', 'list the tags')
    .action(
      lazy(
        () => import('../commands/run.ts'),
        (module, playbooks: string[], flags: never) => module.run(playbooks, flags),
      ),
    );

  plays(
    program
      .command('plan <playbook>')
      .description('show what a run would change, as a document to review and apply'),
  )
    .option('--json', 'as JSON')
    .option('--out <file>', 'write the plan (JSON) here, for `run --plan`')
    .action(
      lazy(
        () => import('../commands/plan.ts'),
        (module, playbook: string, flags: never) => module.plan(playbook, flags),
      ),
    );

  checks(hosts(program.command('exec <pattern>').description('run one module on hosts')))
    .option('-m, --module-name <module>', 'module', 'command')
    .option('-a, --args <arguments>', 'its arguments: free text, key=value or JSON', '')
    .option('-o, --one-line', 'a line for each host, as `ansible -o` prints')
    .option('-t, --tree <folder>', 'write the result of each host into a file here')
    .option('-B, --background <seconds>', 'run as a job that may take so long')
    .option('-P, --poll <seconds>', 'look at the job so often; 0: leave it alone')
    .option('--task-timeout <seconds>', 'give up after so long')
    .option('--list-hosts', 'list the hosts, and do nothing')
    .option(
      '--playbook-dir <folder>',
      "folder that stands in for a playbook's: its group_vars and the like count",
    )
    .action(
      lazy(
        () => import('../commands/exec.ts'),
        (module, pattern: string, flags: never) => module.exec(pattern, flags),
      ),
    );
}
