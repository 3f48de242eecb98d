import type { Command } from 'commander';

/** Joins the values of a flag that may be given several times. */
export const list = (value: string, before: string[] = []): string[] => [...before, value];

/** Loads a command when it is used: `--version` must not wait for SSH. */
export const lazy =
  <T>(load: () => Promise<T>, start: (module: T, ...args: never[]) => Promise<void> | void) =>
  async (...args: unknown[]): Promise<void> =>
    start(await load(), ...(args as never[]));

/** Says where vault passwords come from. */
export const vaultPasswords = (command: Command, id = 'vault identity'): Command =>
  command
    .option('--vault-password-file, --vault-pass-file <file>', 'file with the vault password', list)
    .option('--vault-id <label@source>', id, list)
    .option('-J, --ask-vault-pass', 'ask for the vault password');

/** Flags of every command that logs in to hosts. */
export const hosts = (command: Command): Command =>
  vaultPasswords(ways(command), 'vault identity: label@file or label@prompt')
    .option('--output <format>', 'auto, terminal, plain, ansible, ndjson or junit', 'auto')
    .option('--wait <duration>', 'wait for another run to release a host (30s, 5m)')
    .option('--break-lock', 'take a host over from another run')
    .option('-v, --verbose', 'more detail (-vv, -vvv)', (_: string, before: number) => before + 1, 0);

const ways = (command: Command): Command =>
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
    .option('--connection-password-file <file>', 'file with the login password');

/** Dry runs and differences. */
export const checks = (command: Command): Command =>
  command
    .option('-C, --check', 'change nothing, say what would change')
    .option('-D, --diff', 'show differences');

/** Flags of what goes through the plays of a playbook. */
export const plays = (command: Command): Command =>
  hosts(command)
    .option('-t, --tags <tags>', 'only tasks with these tags', list)
    .option('--skip-tags <tags>', 'not tasks with these tags', list)
    .option('--start-at-task <name>', 'pass over what comes before')
    .option('--force-handlers', 'run handlers even when a task failed')
    .option('--allow-no-hosts', 'no matching host is fine');
