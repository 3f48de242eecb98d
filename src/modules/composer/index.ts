import type { z } from 'zod';
import {
  type CommandResult,
  type CommandSpec,
  commandOutput,
  type Probe,
  runCommand,
  splitWords,
} from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { type Ended, endedCommand } from '../command/result.ts';
import { boolean, path, text, withAliases } from '../params.ts';
import { defineModule, type Plan } from '../types.ts';

const flag = (says: string) => boolean.default(false).describe(says);

const params = withAliases(
  { php_path: 'executable' },
  {
    command: text
      .default('install')
      .refine(
        (command) => !/\s/.test(command),
        "Use the 'arguments' param for passing arguments with the 'command'",
      )
      .describe('Command of Composer.'),
    arguments: text.default('').describe('Its arguments, such as a package with its version.'),
    working_dir: path.optional().describe('Folder of the project.'),
    global_command: flag('For the whole account.'),
    executable: path.optional().describe('The program php.'),
    composer_executable: path.optional().describe('The program composer.'),
    prefer_source: flag('Install from sources.'),
    prefer_dist: flag('Install from packed releases.'),
    no_dev: boolean.default(true).describe('Without what is only needed for development.'),
    no_scripts: flag('Run no scripts.'),
    no_plugins: flag('Without plugins.'),
    optimize_autoloader: boolean.default(true).describe('Make a faster autoloader.'),
    classmap_authoritative: flag('Load classes from the class map only.'),
    apcu_autoloader: flag('Remember classes with APCu.'),
    ignore_platform_reqs: flag('Ignore what PHP and its extensions lack.'),
  },
).refine((given) => given.global_command || given.working_dir !== undefined, {
  message: 'working_dir is needed unless global_command is set',
});

type Params = z.output<typeof params>;

/** Packages of PHP. Composer tells what it does, and rehearses for a dry run. */
export default defineModule({
  name: 'composer',
  summary: 'Installs packages of PHP with Composer.',
  params,
  needs: (given, _seen, context) => (context.checkMode ? [rehearsal(given)] : []),
  plan(given, seen, context): Plan {
    const summary = `composer ${given.command}${given.arguments === '' ? '' : ` ${given.arguments}`}`;
    const change = runCommand(command(given, false), { undo: 'irreversible', summary });
    if (!context.checkMode)
      return {
        changes: [change],
        result(outcomes) {
          const ended = endedCommand(outcomes[0]);
          return ended ? told(ended) : {};
        },
      };
    const said = answer(seen, rehearsal(given));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc === CANNOT || said.rc === 127)
      return {
        changes: [change],
        changed: new Unknown(`composer cannot rehearse it: ${said.stderr.trim()}`),
      };
    const result = told(said);
    return { changes: result.changed ? [change] : [], result: () => result };
  },
});

/** Exit code of SCRIPT when the command knows no --dry-run. */
const CANNOT = 69;

// $1 php, $2 composer, $3 `dry`, $4 the command, $5 flags with blanks between them; then what it gets. Flags that the command does
// not know are left out.
const SCRIPT = `
php=$1 composer=$2 dry=$3 command=$4 wishes=$5
shift 5
found=$(command -v "$composer") || { echo "there is no program $composer on the target" >&2; exit 127; }
composer() { if [ -n "$php" ]; then "$php" "$found" "$@"; else "$found" "$@"; fi; }
help=$(composer help "$command" --no-interaction --format=json) || exit
has() { case $help in *"\\"name\\":\\"--$1\\""*) ;; *) return 1 ;; esac; }
if [ "$dry" = dry ]; then has dry-run || { echo "$command has no --dry-run" >&2; exit ${CANNOT}; }; fi
flags=
for wish in $wishes; do ! has "$wish" || flags="$flags --$wish"; done
# shellcheck disable=SC2086
composer $flags "$@"
`;

function command(given: Params, dry: boolean): CommandSpec {
  const wishes: [boolean, string][] = [
    [true, 'no-ansi'],
    [true, 'no-interaction'],
    [true, 'no-progress'],
    [given.prefer_source, 'prefer-source'],
    [given.prefer_dist, 'prefer-dist'],
    [given.no_dev, 'no-dev'],
    [given.no_scripts, 'no-scripts'],
    [given.no_plugins, 'no-plugins'],
    [given.optimize_autoloader, given.command === 'dump-autoload' ? 'optimize' : 'optimize-autoloader'],
    [given.classmap_authoritative, 'classmap-authoritative'],
    [given.apcu_autoloader, given.command === 'dump-autoload' ? 'apcu' : 'apcu-autoloader'],
    [given.ignore_platform_reqs, 'ignore-platform-reqs'],
    [dry, 'dry-run'],
  ];
  return {
    argv: [
      '/bin/sh',
      '-c',
      SCRIPT,
      'sh',
      given.executable ?? '',
      given.composer_executable ?? 'composer',
      dry ? 'dry' : '',
      given.command,
      wishes.flatMap(([on, name]) => (on ? [name] : [])).join(' '),
      ...(given.global_command ? ['global'] : [`--working-dir=${given.working_dir}`]),
      given.command,
      ...splitWords(given.arguments),
    ],
  };
}

function rehearsal(given: Params): Probe<CommandResult> {
  return commandOutput(command(given, true));
}

/** Composer says on both outputs what it did; one line of all of it is the message. */
function told({ rc, stdout, stderr }: Ended): Record<string, unknown> {
  const msg = (output: string) => output.split(/\s+/).join(' ').trim();
  const all = stdout + stderr;
  if (rc !== 0) return { failed: true, changed: false, msg: msg(rc === 1 ? stderr : all), stdout: stderr };
  const idle = /Nothing to install or update|Nothing to install, update or remove/.test(all);
  return { changed: !idle, msg: msg(all), stdout: all, stdout_lines: all.replace(/\n$/, '').split('\n') };
}
