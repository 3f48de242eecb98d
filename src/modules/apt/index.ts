import type { z } from 'zod';
import { type Observed, type Probe, runCommand } from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { type Ended, endedCommand, outputKeys } from '../command/result.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';
import { type CacheAge, cacheProbe, readCacheAge, readLists, wantsUpdate } from './cache.ts';
import { AUTOCLEAN, tidyCommands } from './commands.ts';
import { debNeeds, planDeb } from './deb.ts';
import { installedProbe, isVersionWanted } from './installed.ts';
import { aptParams } from './params.ts';
import { diffKey, outputOf, refusalKeys, touched, updateRefusal } from './result.ts';
import { aptScript } from './script.ts';
import {
  APT_ENVIRONMENT,
  becomingManual,
  describeSteps,
  readSteps,
  refusal,
  type Step,
  simulationProbe,
} from './simulation.ts';
import { installs, namesOf, type Wanted, wantedOf } from './wanted.ts';

type Params = z.infer<typeof aptParams>;

/** Packages of Debian and its relatives. What apt-get would do is simulated first: that is the plan and its diff. */
export default defineModule({
  name: 'apt',
  summary: 'Installs, upgrades and removes Debian packages.',
  params: aptParams,
  needs(raw, seen, context) {
    const given = normalized(raw);
    const first: Probe[] = [cacheProbe];
    const names = namesOf(given);
    if (names.length > 0) first.push(installedProbe(names));
    if (given.autoclean) first.push(simulationProbe(AUTOCLEAN));
    if (given.deb !== undefined) first.push(...debNeeds(given, seen, context));
    if (first.some((probe) => seen.get(probe) === undefined)) return first;
    const wanted = wantedOf(given, seen);
    if (isUnknown(wanted) || wanted.command === undefined || updates(given, seen)) return first;
    return [...first, simulationProbe(wanted.command)];
  },
  plan(raw, seen, context) {
    const given = normalized(raw);
    const age = cacheAge(seen);
    if (isUnknown(age)) return unknownPlan(age);
    if (given.deb !== undefined) return planDeb(given, seen, context);
    if (given.state === 'latest' && given.name?.includes('*')) {
      return {
        changes: [],
        failed: 'unable to install additional packages when upgrading all installed packages',
      };
    }
    const wanted = wantedOf(given, seen);
    if (isUnknown(wanted)) return unknownPlan(wanted);
    if (wantsUpdate(given, age)) return afterUpdate(given, wanted, age, context);
    const keys = { cache_updated: false, cache_update_time: age.updatedAt };
    if (wanted.command === undefined) return tidied(given, wanted.manual, seen, keys);
    const simulated = answer(seen, simulationProbe(wanted.command));
    if (isUnknown(simulated)) return unknownPlan(simulated);
    if (simulated.rc !== 0) {
      const failed = refusal(simulated.stderr, simulated.rc);
      return { changes: [], failed, result: () => ({ ...keys, ...refusalKeys(simulated) }) };
    }
    const steps = readSteps(simulated.stdout);
    const lacking = wanted.open.find((wish) => {
      const step = wish.atLeast === undefined ? undefined : steps.find(({ name }) => name === wish.name);
      return step?.to !== undefined && !isVersionWanted(wish, step.to);
    });
    if (lacking) {
      const wish = `${lacking.name}>=${lacking.atLeast}`;
      return { changes: [], failed: `no available installation candidate for ${wish}`, result: () => keys };
    }
    if (steps.length > 0) return acting(given, wanted, steps, { keys, simulated, context });
    const said = given.name === undefined ? saying(given, simulated, context) : {};
    const manual = [...wanted.manual, ...becomingManual(simulated.stdout)];
    return tidied(given, manual, seen, { ...keys, ...said });
  },
});

/** `name: "*"` with `latest` means everything there is. */
function normalized(given: Params): Params {
  const all = given.name?.length === 1 && given.name[0] === '*' && given.state === 'latest';
  return all ? { ...given, name: undefined, upgrade: 'full' } : given;
}

function cacheAge(seen: Observed): CacheAge | Unknown {
  const said = answer(seen, cacheProbe);
  return isUnknown(said) ? said : readCacheAge(said.stdout);
}

function updates(given: Params, seen: Observed): boolean {
  const age = cacheAge(seen);
  return !isUnknown(age) && wantsUpdate(given, age);
}

function afterUpdate(given: Params, wanted: Wanted, age: CacheAge, context: PlanContext): Plan {
  const { command } = wanted;
  const commands = [...(command ? [command] : []), ...marking(wanted.manual), ...tidyCommands(given)];
  const script = aptScript(given, { update: true, commands });
  const alone = given.name === undefined && given.upgrade === 'no';
  const open = new Unknown('the package lists are read again first');
  const changed = command === undefined ? alone : installs(given) && given.name?.length ? true : open;
  const summary = command ? `update package lists, ${shortened(command)}` : 'update package lists';
  return {
    changes: [aptChange(script, summary)],
    changed: context.checkMode ? changed : command !== undefined || alone,
    result: (outcomes) => {
      const output = outputOf(outcomes);
      const ended = endedCommand(outcomes[0]);
      const lists = readLists(ended?.stdout ?? '');
      if (ended && ended.rc !== 0 && lists.updatedAt === undefined) {
        return { ...output, msg: updateRefusal(ended.stderr), changed: false };
      }
      const renewed = lists.updatedAt !== undefined && lists.updatedAt !== age.updatedAt;
      return {
        ...output,
        ...(ended && 'stdout' in output ? saying(given, { ...ended, stdout: lists.stdout }, context) : {}),
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

function acting(
  given: Params,
  wanted: Wanted,
  steps: readonly Step[],
  told: { readonly keys: Record<string, unknown>; readonly simulated: Ended; readonly context: PlanContext },
): Plan {
  const commands = [wanted.command!, ...marking(wanted.manual), ...tidyCommands(given)];
  const lines = describeSteps(steps);
  const summary =
    lines.split('\n').slice(0, 5).join(', ') + (steps.length > 5 ? `, ${steps.length - 5} more` : '');
  const change = aptChange(aptScript(given, { update: false, commands }), summary);
  return {
    changes: [{ ...change, diff: { prepared: lines } }],
    result: (outcomes) => {
      const ended = told.context.checkMode ? told.simulated : endedCommand(outcomes[0]);
      const said = ended ? saying(given, ended, told.context) : {};
      return { ...told.keys, ...said, ...(told.context.checkMode ? {} : outputOf(outcomes)) };
    },
  };
}

/** What apt-get said, in the keys of Ansible: an upgrade has it as its message too. */
function saying(given: Params, ended: Ended, context: PlanContext): Record<string, unknown> {
  const message = given.upgrade === 'no' ? {} : { msg: ended.stdout };
  return { ...outputKeys(ended), ...diffKey(ended.stdout, context.diffMode), ...message };
}

/** Packages are as they should be: what is left are marks and the cache of package files. */
function tidied(
  given: Params,
  manual: readonly string[],
  seen: Observed,
  keys: Record<string, unknown>,
): Plan {
  const swept = given.autoclean ? answer(seen, simulationProbe(AUTOCLEAN)) : undefined;
  if (isUnknown(swept)) return unknownPlan(swept);
  const sweeps = /^Del /m.test(swept?.stdout ?? '');
  const commands = [...marking(manual), ...tidyCommands({ ...given, autoclean: sweeps })];
  const said = swept && given.name === undefined ? { ...outputKeys(swept), diff: {} } : {};
  if (commands.length === 0) return { changes: [], changed: false, result: () => ({ ...keys, ...said }) };
  const summary = [...marking(manual).map(shortened), ...tidyCommands(given).map(shortened)].join(', ');
  return {
    changes: [aptChange(aptScript(given, { update: false, commands }), summary)],
    // As in Ansible: no package was touched, so only old package files count, and only by themselves.
    changed: sweeps && given.name === undefined,
    result: (outcomes) => ({ ...keys, ...said, ...(endedCommand(outcomes[0]) ? outputOf(outcomes) : {}) }),
  };
}

function marking(names: readonly string[]): (readonly string[])[] {
  return names.length === 0 ? [] : [['apt-mark', 'manual', ...names]];
}

function aptChange(script: string, summary: string): ReturnType<typeof runCommand> {
  return runCommand({ script, env: APT_ENVIRONMENT }, { undo: 'irreversible', summary });
}

function shortened(command: readonly string[]): string {
  const words = command.filter((word, at) => !word.startsWith('-') && command[at - 1] !== '-o');
  return words.join(' ');
}
