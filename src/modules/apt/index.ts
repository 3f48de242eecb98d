import type { z } from 'zod';
import { type ChangeOutcome, type Observed, type Probe, runCommand } from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, endedCommand, outputKeys } from '../command/result.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';
import { type CacheAge, cacheProbe, readCacheAge, readLists, wantsUpdate } from './cache.ts';
import { aptGet, tidyCommands } from './commands.ts';
import { debNeeds, planDeb } from './deb.ts';
import { installedProbe, isSatisfied, packageWish, readInstalled } from './installed.ts';
import { aptParams } from './params.ts';
import { aptScript } from './script.ts';
import {
  APT_ENVIRONMENT,
  describeSteps,
  readSteps,
  refusal,
  type Step,
  simulationProbe,
  touchedPackages,
} from './simulation.ts';

type Params = z.infer<typeof aptParams>;

/** Packages of Debian and its relatives. What apt-get would do is simulated first: that is the plan and its diff. */
export default defineModule({
  name: 'apt',
  summary: 'Installs, upgrades and removes Debian packages.',
  params: aptParams,
  needs(raw, seen) {
    const given = normalized(raw);
    const first: Probe[] = [cacheProbe];
    const names = namesOf(given);
    if (names.length > 0) first.push(installedProbe(names));
    if (given.deb !== undefined) first.push(...debNeeds(given.deb, seen));
    if (first.some((probe) => seen.get(probe) === undefined)) return first;
    const command = commandFor(given, seen);
    if (isUnknown(command) || command === undefined || updates(given, seen)) return first;
    return [...first, simulationProbe(command)];
  },
  plan(raw, seen, context) {
    const given = normalized(raw);
    const age = cacheAge(seen);
    if (isUnknown(age)) return unknownPlan(age);
    if (given.deb !== undefined) return planDeb(given, seen, context);
    const command = commandFor(given, seen);
    if (isUnknown(command)) return unknownPlan(command);
    const tidy = tidyCommands(given);
    if (wantsUpdate(given, age)) return afterUpdate(given, command, tidy, age, context);
    const keys = { cache_updated: false, cache_update_time: age.updatedAt };
    if (command === undefined) return tidied(given, tidy, keys);
    const simulated = answer(seen, simulationProbe(command));
    if (isUnknown(simulated)) return unknownPlan(simulated);
    if (simulated.rc !== 0) {
      return { changes: [], failed: refusal(simulated.stderr, simulated.rc), result: () => keys };
    }
    const steps = readSteps(simulated.stdout);
    if (steps.length === 0) return tidied(given, tidy, keys);
    return acting(aptScript(given, { update: false, commands: [command, ...tidy] }), steps, keys);
  },
});

/** `name: "*"` with `latest` means everything there is. */
function normalized(given: Params): Params {
  const all = given.name?.length === 1 && given.name[0] === '*' && given.state === 'latest';
  return all ? { ...given, name: [], upgrade: 'full' } : given;
}

function namesOf(given: Params): string[] {
  return (given.name ?? []).map((written) => packageWish(written).name);
}

function cacheAge(seen: Observed): CacheAge | Unknown {
  const said = answer(seen, cacheProbe);
  return isUnknown(said) ? said : readCacheAge(said.stdout);
}

function updates(given: Params, seen: Observed): boolean {
  const age = cacheAge(seen);
  return !isUnknown(age) && wantsUpdate(given, age);
}

/** The apt-get command that is needed, undefined when the packages are as wanted. */
function commandFor(given: Params, seen: Observed): readonly string[] | undefined | Unknown {
  const wishes = (given.name ?? []).map(packageWish);
  if (wishes.length === 0) return aptGet(given, []);
  const said = answer(seen, installedProbe(namesOf(given)));
  if (isUnknown(said)) return said;
  const installed = readInstalled(said.stdout);
  const status = (name: string): string => installed.get(name)?.status ?? 'not-installed';
  const open = wishes.filter((wish) => {
    if (given.state === 'present' || given.state === 'installed') {
      if (given.only_upgrade && status(wish.name) !== 'installed') return false;
      return !isSatisfied(wish, installed);
    }
    if (given.state !== 'absent' && given.state !== 'removed') return true;
    if (/[*?[]/.test(wish.name)) return true;
    return status(wish.name) !== 'not-installed' && (given.purge || status(wish.name) !== 'config-files');
  });
  if (open.length === 0 && given.upgrade === 'no') return undefined;
  return aptGet(
    given,
    open.map((wish) => wish.written),
  );
}

function afterUpdate(
  given: Params,
  command: readonly string[] | undefined,
  tidy: (readonly string[])[],
  age: CacheAge,
  context: PlanContext,
): Plan {
  const script = aptScript(given, { update: true, commands: command ? [command, ...tidy] : tidy });
  const alone = given.name === undefined && given.upgrade === 'no';
  const open = new Unknown('the package lists are read again first');
  const installs = given.state === 'present' || given.state === 'installed';
  const changed = command === undefined ? alone : installs && given.name?.length ? true : open;
  const summary = command ? `update package lists, ${shortened(command)}` : 'update package lists';
  return {
    changes: [aptChange(script, summary)],
    changed: context.checkMode ? changed : command !== undefined || alone,
    result: (outcomes) => {
      const output = outputOf(outcomes);
      const lists = readLists(endedCommand(outcomes[0])?.stdout ?? '');
      const renewed = lists.updatedAt !== undefined && lists.updatedAt !== age.updatedAt;
      return {
        ...output,
        ...('stdout' in output ? outputKeys({ ...endedCommand(outcomes[0])!, stdout: lists.stdout }) : {}),
        cache_updated: renewed,
        cache_update_time: lists.updatedAt ?? age.updatedAt,
        ...(command !== undefined
          ? touched(outcomes)
          : alone && output.failed !== true
            ? { changed: renewed }
            : {}),
      };
    },
  };
}

function acting(script: string, steps: readonly Step[], keys: Record<string, unknown>): Plan {
  const lines = describeSteps(steps);
  const summary =
    lines.split('\n').slice(0, 5).join(', ') + (steps.length > 5 ? `, ${steps.length - 5} more` : '');
  return {
    changes: [{ ...aptChange(script, summary), diff: { prepared: lines } }],
    result: (outcomes) => ({ ...keys, ...outputOf(outcomes) }),
  };
}

function tidied(given: Params, commands: (readonly string[])[], keys: Record<string, unknown>): Plan {
  if (commands.length === 0) return { changes: [], changed: false, result: () => keys };
  return {
    changes: [aptChange(aptScript(given, { update: false, commands }), 'tidy the package cache')],
    changed: given.clean,
    result: (outcomes) => {
      const said = endedCommand(outcomes[0])?.stdout ?? '';
      return { ...keys, ...outputOf(outcomes), changed: given.clean || /^Del /m.test(said) };
    },
  };
}

function aptChange(script: string, summary: string): ReturnType<typeof runCommand> {
  return runCommand({ script, env: APT_ENVIRONMENT }, { undo: 'irreversible', summary });
}

function shortened(command: readonly string[]): string {
  const words = command.filter((word, at) => !word.startsWith('-') && command[at - 1] !== '-o');
  return words.join(' ');
}

function outputOf(outcomes: readonly ChangeOutcome[]): Record<string, unknown> {
  const ended = endedCommand(outcomes[0]);
  if (!ended) return commandFailure(outcomes);
  if (ended.rc === 0) return outputKeys(ended);
  return { ...outputKeys(ended), failed: true, msg: refusal(ended.stderr, ended.rc) };
}

function touched(outcomes: readonly ChangeOutcome[]): Record<string, unknown> {
  const ended = endedCommand(outcomes[0]);
  const changed = ended && touchedPackages(ended.stdout);
  return changed === undefined ? {} : { changed };
}
