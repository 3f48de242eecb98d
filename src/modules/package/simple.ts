import { commandOutput, quote, runCommand } from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, endedCommand, outputKeys } from '../command/result.ts';
import { boolean, choice, strings, withAliases } from '../params.ts';
import { defineModule, type Module } from '../types.ts';

/** The commands of a package manager that needs no more than these. */
interface Commands {
  /** Exit code 0 when the package `"$1"` is installed. */
  readonly has: string;
  readonly install: string;
  readonly upgrade: string;
  readonly remove: string;
  readonly refresh: string;
  /** Whether the output says that there was nothing to do. */
  readonly idle: (stdout: string) => boolean;
}

const MANAGERS: Readonly<Record<string, Commands>> = {
  apk: {
    has: 'apk info -e "$1"',
    install: 'apk add',
    upgrade: 'apk add --upgrade',
    remove: 'apk del',
    refresh: 'apk update',
    idle: (stdout) => !/^\(\d+\/\d+\) /m.test(stdout),
  },
  zypper: {
    has: 'rpm -q --whatprovides "$1"',
    install: 'zypper --non-interactive install',
    upgrade: 'zypper --non-interactive update',
    remove: 'zypper --non-interactive remove',
    refresh: 'zypper --non-interactive refresh',
    idle: (stdout) => /Nothing to do\./.test(stdout),
  },
  pacman: {
    has: 'pacman -Qq "$1"',
    install: 'pacman -S --noconfirm --needed',
    upgrade: 'pacman -S --noconfirm --needed',
    remove: 'pacman -R --noconfirm',
    refresh: 'pacman -Sy',
    idle: (stdout) => /there is nothing to do/.test(stdout),
  },
};

const params = withAliases(
  { pkg: 'name', package: 'name' },
  {
    name: strings,
    state: choice('present', 'installed', 'latest', 'absent', 'removed').default('present'),
    update_cache: boolean.default(false),
  },
);

/** Gives a module for apk, zypper or pacman, with what they have in common; undefined for others. */
export function simpleManager(manager: string): Module | undefined {
  const commands = Object.hasOwn(MANAGERS, manager) ? MANAGERS[manager] : undefined;
  if (!commands) return undefined;
  const probe = (names: readonly string[]) =>
    commandOutput({
      argv: [
        '/bin/sh',
        '-c',
        `for name; do set -- "$name"; if ${commands.has} >/dev/null 2>&1; then echo "yes $name"; else echo "no $name"; fi; done`,
        'sh',
        ...names,
      ],
    });
  return defineModule({
    name: 'package',
    summary: `Installs and removes packages with ${manager}.`,
    params,
    needs: (given) => [probe(given.name)],
    plan(given, seen, context) {
      const said = answer(seen, probe(given.name));
      if (isUnknown(said)) return unknownPlan(said);
      const gone = given.state === 'absent' || given.state === 'removed';
      const latest = given.state === 'latest';
      const present = new Set(said.stdout.split('\n').map((line) => /^yes (.*)$/.exec(line)?.[1]));
      const open = given.name.filter((name) => latest || present.has(name) === gone);
      if (open.length === 0) return { changes: [], changed: false };
      const verb = gone ? commands.remove : latest ? commands.upgrade : commands.install;
      const line = `${verb} ${open.map(quote).join(' ')}`;
      const script = given.update_cache ? `${commands.refresh} && ${line}` : line;
      return {
        changes: [runCommand({ script, env: { LC_ALL: 'C' } }, { undo: 'irreversible', summary: line })],
        changed: context.checkMode && latest ? new Unknown(`${manager} was not asked in check mode`) : true,
        result: (outcomes) => {
          const ended = endedCommand(outcomes[0]);
          if (!ended) return {};
          const idle = latest && commands.idle(ended.stdout);
          return { ...outputKeys(ended), changed: !idle, ...commandFailure(outcomes) };
        },
      };
    },
  }) as Module;
}
