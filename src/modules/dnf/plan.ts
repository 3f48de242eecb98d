import {
  type CommandResult,
  commandOutput,
  type Observed,
  type Probe,
  quote,
  runCommand,
} from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { endedCommand, outputKeys } from '../command/result.ts';
import type { Plan, PlanContext } from '../types.ts';
import { checkUpdate, dnfCommand, type Params, wantedState } from './commands.ts';

const ENVIRONMENT = { LC_ALL: 'C' } as const;

const PROGRAMS = ['dnf5', 'dnf', 'yum'];

/** Asks which of the programs is there; the first one is used. */
const programProbe = commandOutput({
  argv: [
    '/bin/sh',
    '-c',
    'for p; do command -v "$p" >/dev/null && { echo "$p"; exit 0; }; done',
    'sh',
    ...PROGRAMS,
  ],
});

/** Everything to ask of a host with RPM packages. */
export function dnfNeeds(given: Params, seen: Observed): Probe[] {
  const first: Probe[] = [programProbe];
  if (plainNames(given).length > 0) first.push(installedProbe(plainNames(given)));
  const program = seen.get(programProbe);
  if (program === undefined || isUnknown(program) || first.some((probe) => seen.get(probe) === undefined))
    return first;
  const open = openNames(given, seen);
  if (isUnknown(open) || given.update_cache || wantedState(given) !== 'latest') return first;
  return asksForUpdates(given, seen) ? [...first, updateProbe(program.stdout.trim(), given)] : first;
}

/** Plans the packages. What dnf itself would pull in is only known when it runs. */
export function planDnf(given: Params, seen: Observed, context: PlanContext): Plan {
  const found = answer(seen, programProbe);
  if (isUnknown(found)) return unknownPlan(found);
  const program = found.stdout.trim();
  if (program === '') return { changes: [], failed: `there is no ${PROGRAMS.join(' or ')} on the target` };
  const open = openNames(given, seen);
  if (isUnknown(open)) return unknownPlan(open);
  const state = wantedState(given);
  if (given.name.length === 0 && !given.autoremove) return onlyCache(program, context);
  if (state === 'latest' && !given.update_cache && asksForUpdates(given, seen)) {
    const updates = answer(seen, updateProbe(program, given));
    if (isUnknown(updates)) return unknownPlan(updates);
    if (updates.rc === 0) return nothing();
    if (updates.rc !== 100) return { changes: [], failed: lastLine(updates.stderr) || 'check-update failed' };
  } else if (open.length === 0 && state !== 'latest' && given.name.length > 0) return nothing();
  const names = state === 'latest' ? given.name : open;
  const certain = state !== 'latest' && plainNames(given).some((name) => open.includes(name));
  return acting(program, given, names, certain, context);
}

function acting(
  program: string,
  given: Params,
  names: readonly string[],
  certain: boolean,
  context: PlanContext,
): Plan {
  const command = dnfCommand(program, given, names);
  const refresh = given.update_cache ? `${program} -q makecache &&\n` : '';
  const action = command.find((word) => /^(?:install|upgrade|remove|autoremove)$/.test(word));
  const change = runCommand(
    { script: `${refresh}${command.map(quote).join(' ')}\n`, env: ENVIRONMENT },
    { undo: 'irreversible', summary: `${program} ${[action, ...names].join(' ')}` },
  );
  const open = new Unknown(`${program} was not asked in check mode`);
  return {
    changes: [change],
    changed: context.checkMode ? certain || open : true,
    result: (outcomes) => {
      const ended = endedCommand(outcomes[0]);
      if (!ended) return {};
      if (ended.rc !== 0) {
        return { ...outputKeys(ended), results: [], failed: true, msg: refusal(ended.stderr, ended.rc) };
      }
      const changed = !/^(?:Nothing to do|No packages marked for removal)\b/m.test(
        ended.stdout + ended.stderr,
      );
      return { rc: 0, changed, msg: changed ? '' : 'Nothing to do', results: resultLines(ended.stdout) };
    },
  };
}

function onlyCache(program: string, context: PlanContext): Plan {
  return {
    changes: [
      runCommand(
        { argv: [program, '-q', 'makecache'], env: ENVIRONMENT },
        { undo: 'irreversible', summary: 'read the repositories again' },
      ),
    ],
    changed: false,
    result: (outcomes) => {
      const ended = endedCommand(outcomes[0]);
      if (ended && ended.rc !== 0) return { ...outputKeys(ended), failed: true, msg: lastLine(ended.stderr) };
      return { rc: 0, results: [], msg: context.checkMode ? '' : 'Cache updated' };
    },
  };
}

function nothing(): Plan {
  return { changes: [], changed: false, result: () => ({ rc: 0, results: [], msg: 'Nothing to do' }) };
}

/** Names that rpm itself can be asked about; groups, modules, files and patterns are the package manager's. */
function plainNames(given: Params): string[] {
  return given.name.filter((name) => /^[A-Za-z0-9][\w.+:~^-]*$/.test(name));
}

/** Asks rpm about each name, as a package or as something that a package provides. */
function installedProbe(names: readonly string[]): Probe<CommandResult> {
  const script = `for name; do
  if rpm -q "$name" >/dev/null 2>&1 || rpm -q --whatprovides "$name" >/dev/null 2>&1; then
    echo "yes $name"
  else
    echo "no $name"
  fi
done`;
  return commandOutput({ argv: ['/bin/sh', '-c', script, 'sh', ...names], env: ENVIRONMENT });
}

/** The names that are not as wanted; those that only the package manager understands are always among them. */
function openNames(given: Params, seen: Observed): string[] | Unknown {
  const plain = plainNames(given);
  const said = plain.length === 0 ? undefined : answer(seen, installedProbe(plain));
  if (isUnknown(said)) return said;
  const installed = new Set(
    (said?.stdout ?? '')
      .split('\n')
      .filter((line) => line.startsWith('yes '))
      .map((line) => line.slice(4)),
  );
  const wantsGone = wantedState(given) === 'absent';
  return given.name.filter((name) => !plain.includes(name) || installed.has(name) === wantsGone);
}

/** With everything installed, only newer versions can be missing. */
function asksForUpdates(given: Params, seen: Observed): boolean {
  const open = openNames(given, seen);
  return !isUnknown(open) && (given.name.includes('*') || open.length === 0 || given.update_only);
}

function updateProbe(program: string, given: Params): Probe<CommandResult> {
  return commandOutput({ argv: checkUpdate(program, given, given.name), env: ENVIRONMENT });
}

/** Lines of the transaction table: `Installed: x-1.0`, one a package. */
function resultLines(stdout: string): string[] {
  const results: string[] = [];
  let heading = '';
  for (const line of stdout.split('\n')) {
    const title = /^(Installed|Upgraded|Removed|Downgraded|Reinstalled):\s*$/.exec(line);
    if (title) heading = title[1]!;
    else if (heading !== '' && /^\s+\S/.test(line)) {
      for (const name of line.trim().split(/\s{2,}/)) results.push(`${heading}: ${name}`);
    } else if (line.trim() === '') heading = '';
  }
  return results;
}

function refusal(stderr: string, rc: number): string {
  const missing = /(?:No match for argument|Unable to find a match): (.+)/.exec(stderr);
  if (missing)
    return `Failed to install some of the specified packages: No match for argument: ${missing[1]!.trim()}`;
  return lastLine(stderr) || `exit code ${rc}`;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
