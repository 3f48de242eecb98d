import { Command, CommanderError } from 'commander';
import { describeProblem, exitCodeOf } from './problems.ts';
import { VERSION } from './version.ts';

/** Runs the command line. Sets the exit code of the process; never throws. */
export async function main(args: readonly string[]): Promise<void> {
  const program = new Command('cutover')
    .description('Runs Ansible-style playbooks over SSH, fast, and puts everything back when asked.')
    .version(VERSION, '--version', 'print the version')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride();
  // A reader that leaves (`| head`), or a full disk behind `>`, must not end a run in the middle of its work.
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners('error').includes(goOn)) stream.on('error', goOn);
  }
  register(program);
  try {
    await program.parseAsync(args.map(likeAnsible), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 1;
      return;
    }
    process.stderr.write(`${describeProblem(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

const goOn = () => {};

/** Other spellings that hands know from Ansible. */
const SPELLINGS: Readonly<Record<string, string>> = {
  '--inventory-file': '--inventory',
  '--ask-vault-password': '--ask-vault-pass',
  '--become-pass-file': '--become-password-file',
  '--conn-pass-file': '--connection-password-file',
};

function likeAnsible(argument: string): string {
  const [flag = '', ...value] = argument.split('=');
  return Object.hasOwn(SPELLINGS, flag) ? [SPELLINGS[flag], ...value].join('=') : argument;
}

/** Commands are described here and loaded when they are used: `--version` must not wait for SSH. */
function register(program: Command): void {
  const lazy =
    <T>(load: () => Promise<T>, start: (module: T, ...args: never[]) => Promise<void> | void) =>
    async (...args: unknown[]) =>
      start(await load(), ...(args as never[]));
  const list = (value: string, before: string[] = []) => [...before, value];

  const hosts = (command: Command) =>
    command
      .option('-i, --inventory <source>', 'inventory file, folder, script, or "host1,host2,"', list)
      .option('-l, --limit <pattern>', 'only hosts that match')
      .option('-e, --extra-vars <vars>', 'key=value, JSON, or @file; wins over everything', list)
      .option('-f, --forks <number>', 'hosts at once (default 50)')
      .option('-u, --user <name>', 'log in as')
      .option('--private-key, --key-file <file>', 'private key to log in with')
      .option('-k, --ask-pass', 'ask for the login password')
      .option('-c, --connection <type>', 'ssh or local')
      .option('-T, --timeout <seconds>', 'time to connect')
      .option('--ssh-common-args <options>', 'options of ssh (-o ...), as in ansible_ssh_common_args')
      .option('--ssh-extra-args <options>', 'more of them')
      .option('-M, --module-path <folder>', 'folder with own modules (several: with colons)')
      .option('-b, --become', 'act as another user (root)')
      .option('--become-user <name>', 'whom to become (default root)')
      .option('--become-method <method>', 'sudo, su or doas (default sudo)')
      .option('-K, --ask-become-pass', 'ask for the password of become')
      .option('--become-password-file <file>', 'file with the password of become')
      .option('--connection-password-file <file>', 'file with the login password')
      .option('--vault-password-file, --vault-pass-file <file>', 'file with the vault password', list)
      .option('--vault-id <label@source>', 'vault identity: label@file or label@prompt', list)
      .option('-J, --ask-vault-pass', 'ask for the vault password')
      .option('--output <format>', 'auto, terminal, plain, ansible, ndjson or junit', 'auto')
      .option('--wait <duration>', 'wait for another run to release a host (30s, 5m)')
      .option('--break-lock', 'take a host over from another run')
      .option('-v, --verbose', 'more detail (-vv, -vvv)', (_: string, before: number) => before + 1, 0);
  const checks = (command: Command) =>
    command
      .option('-C, --check', 'change nothing, say what would change')
      .option('-D, --diff', 'show differences');

  const plays = (command: Command) =>
    hosts(command)
      .option('-t, --tags <tags>', 'only tasks with these tags', list)
      .option('--skip-tags <tags>', 'not tasks with these tags', list)
      .option('--start-at-task <name>', 'pass over what comes before')
      .option('--force-handlers', 'run handlers even when a task failed')
      .option('--allow-no-hosts', 'no matching host is fine');

  checks(plays(program.command('run [playbooks...]').description('run playbooks')))
    .option('--plan <file>', 'apply exactly what this plan lists, or refuse')
    .option('--step', 'ask before each task')
    .option('--syntax-check', 'read and check everything, touch no host')
    .option('--list-hosts', 'list the hosts of each play')
    .option('--list-tasks', 'list the tasks of each play')
    .option('--list-tags', 'list the tags')
    .action(
      lazy(
        () => import('./commands/run.ts'),
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
        () => import('./commands/plan.ts'),
        (module, playbook: string, flags: never) => module.plan(playbook, flags),
      ),
    );

  checks(hosts(program.command('exec <pattern>').description('run one module on hosts')))
    .option('-m, --module-name <module>', 'module', 'command')
    .option('-a, --args <arguments>', 'its arguments: free text, key=value or JSON', '')
    .option(
      '--playbook-dir <folder>',
      "folder that stands in for a playbook's: its group_vars and the like count",
    )
    .action(
      lazy(
        () => import('./commands/exec.ts'),
        (module, pattern: string, flags: never) => module.exec(pattern, flags),
      ),
    );

  hosts(program.command('rollback <run>').description('put back what a run changed (an id, or "last")'))
    .option('-C, --check', 'say what would be put back')
    .option('--to <task>', 'only what came after this task')
    .option('--force', 'put back even what others changed since')
    .action(
      lazy(
        () => import('./commands/rollback.ts'),
        (module, reference: string, flags: never) => module.rollback(reference, flags),
      ),
    );

  const runs = program
    .command('runs')
    .description('list the runs of this controller')
    .option('--json', 'as JSON')
    .option('-n, --number <count>', 'only the newest', '20')
    .action(
      lazy(
        () => import('./commands/runs.ts'),
        (module, flags: never) => module.listRuns(flags),
      ),
    );
  runs
    .command('show <run>')
    .description('show a run: every change, failure and how it ended')
    .option('--json', 'as JSON')
    .action(
      lazy(
        () => import('./commands/runs.ts'),
        (module, reference: string, flags: never, command: Command) =>
          module.showRun(reference, {
            json: Boolean((flags as { json?: boolean }).json ?? command.parent?.opts().json),
          }),
      ),
    );

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
        () => import('./commands/lab.ts'),
        (module, flags: never) => module.up(flags),
      ),
    );
  lab
    .command('down')
    .description('remove them')
    .requiredOption('--dir <dir>', 'folder of the lab')
    .action(
      lazy(
        () => import('./commands/lab.ts'),
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
        () => import('./commands/lab.ts'),
        (module, flags: never) => module.status(flags),
      ),
    );

  program
    .command('inventory')
    .description('show the inventory')
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
    )
    .option('--vault-password-file, --vault-pass-file <file>', 'file with the vault password', list)
    .option('--vault-id <label@source>', 'vault identity', list)
    .option('-J, --ask-vault-pass', 'ask for the vault password')
    .argument('[group]', 'root of --graph')
    .action(
      lazy(
        () => import('./commands/inventory.ts'),
        (module, group: string | undefined, flags: never) => module.inventory(group, flags),
      ),
    );

  const reads = (command: Command) =>
    command
      .option('-i, --inventory <source>', 'inventory source', list)
      .option('-e, --extra-vars <vars>', 'extra variables', list)
      .option('--json', 'as JSON')
      .option('--vault-password-file, --vault-pass-file <file>', 'file with the vault password', list)
      .option('--vault-id <label@source>', 'vault identity', list)
      .option('-J, --ask-vault-pass', 'ask for the vault password');

  reads(program.command('explain <variable> [playbook]').description('say where a variable comes from'))
    .option('-l, --limit <pattern>', 'on these hosts')
    .action(
      lazy(
        () => import('./commands/explain.ts'),
        (module, variable: string, playbook: string | undefined, flags: never) =>
          module.explain(variable, playbook, flags),
      ),
    );

  reads(program.command('lint <playbook>').description('find what is wrong without touching a host'))
    .option('--strict', 'exit with 1 when there are warnings')
    .action(
      lazy(
        () => import('./commands/lint.ts'),
        (module, playbook: string, flags: never) => module.lint(playbook, flags),
      ),
    );

  const vault = program.command('vault').description('encrypt and decrypt files and values');
  for (const [name, description, alias] of [
    ['encrypt', 'encrypt files in place, or standard input (-)'],
    ['decrypt', 'decrypt files in place, or standard input (-)'],
    ['view', 'print decrypted'],
    ['edit', 'edit in $EDITOR'],
    ['rekey', 'encrypt anew with another password'],
    ['encrypt-string', 'encrypt a value for use as !vault', 'encrypt_string'],
  ] as const) {
    const command = vault.command(`${name} [files...]`).description(description);
    if (alias !== undefined) command.alias(alias);
    command
      .option('--vault-password-file, --vault-pass-file <file>', 'file with the vault password', list)
      .option('--vault-id <label@source>', 'vault identity', list)
      .option('-J, --ask-vault-pass', 'ask for the vault password')
      .option('--encrypt-vault-id <label>', 'the identity to encrypt with')
      .option('--new-vault-password-file <file>', 'rekey: file with the new password')
      .option('--new-vault-id <label@source>', 'rekey: the new identity')
      .option('--name <variable>', 'encrypt-string: name of the variable')
      .option('--output <file>', 'write here instead of in place; - is standard output')
      .action(
        lazy(
          () => import('./commands/vault.ts'),
          (module, files: string[], flags: never) => module.vault(name, files, flags),
        ),
      );
  }
}
