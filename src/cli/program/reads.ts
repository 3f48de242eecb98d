import type { Command } from 'commander';
import { lazy, list, vaultPasswords } from './flags.ts';

/** Describes what reads inventories and playbooks and touches no host. */
export function describeReads(program: Command): void {
  vaultPasswords(inventoryFlags(program.command('inventory').description('show the inventory')))
    .argument('[group]', 'root of --graph')
    .action(
      lazy(
        () => import('../commands/inventory.ts'),
        (module, group: string | undefined, flags: never) => module.inventory(group, flags),
      ),
    );
  const reads = (command: Command) =>
    vaultPasswords(
      command
        .option('-i, --inventory <source>', 'inventory source', list)
        .option('-e, --extra-vars <vars>', 'extra variables', list)
        .option('--json', 'as JSON'),
    );

  reads(program.command('explain <variable> [playbook]').description('say where a variable comes from'))
    .option('-l, --limit <pattern>', 'on these hosts')
    .action(
      lazy(
        () => import('../commands/explain.ts'),
        (module, variable: string, playbook: string | undefined, flags: never) =>
          module.explain(variable, playbook, flags),
      ),
    );

  reads(program.command('lint <playbook>').description('find what is wrong without touching a host'))
    .option('--strict', 'exit with 1 when there are warnings')
    .action(
      lazy(
        () => import('../commands/lint.ts'),
        (module, playbook: string, flags: never) => module.lint(playbook, flags),
      ),
    );
}

const inventoryFlags = (command: Command): Command =>
  command
    .option('-i, --inventory <source>', 'inventory source', list)
    .option('-l, --limit <pattern>', 'only hosts that match')
    .option('-e, --extra-vars <vars>', 'extra variables', list)
    .option('--list', 'everything, as JSON')
    .option('--export', 'in --list: variables where they were written, usable as an inventory')
    .option('--host <name>', 'the variables of one host, as JSON')
    .option('-y, --yaml', 'YAML instead of JSON')
    .option('--output <file>', 'write to a file')
    .option('--graph', 'as a tree')
    .option('--vars', 'with variables (in --graph)')
    .option(
      '--playbook-dir <folder>',
      "folder that stands in for a playbook's: its group_vars and the like count",
    );
