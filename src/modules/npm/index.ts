import { type ChangeOutcome, type Observed, runCommand } from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { complaintOf, endedCommand, outputKeys } from '../command/result.ts';
import { changeSetting, settingProbe } from '../setting.ts';
import { defineModule, type Plan } from '../types.ts';
import {
  listProbe,
  npmCommand,
  outdatedProbe,
  packageSetting,
  readList,
  readOutdated,
  wished,
} from './command.ts';
import { npmParams, type Params } from './params.ts';

/** Packages of Node.js. */
export default defineModule({
  name: 'npm',
  summary: 'Installs and removes packages of Node.js.',
  params: npmParams,
  needs: (given) =>
    given.ci
      ? []
      : [
          listProbe(given),
          ...(given.state === 'latest' ? [outdatedProbe(given)] : []),
          ...(isNamed(given) ? [settingProbe(packageSetting(given))] : []),
        ],
  plan(given, seen, context): Plan {
    if (given.ci) return acting(given, 'ci', seen);
    const said = answer(seen, listProbe(given));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) {
      const failed = `npm: ${complaintOf(said)}`;
      return context.checkMode && said.rc === 127
        ? unknownPlan(new Unknown(failed))
        : { changes: [], failed };
    }
    const { installed, missing } = readList(said.stdout);
    if (given.state === 'absent')
      return installed.has(given.name!) ? acting(given, 'uninstall', seen) : { changes: [] };
    if (lacks(given, installed, missing)) return acting(given, 'install', seen);
    if (given.state === 'present') return { changes: [] };
    const outdated = answer(seen, outdatedProbe(given));
    if (isUnknown(outdated)) return unknownPlan(outdated);
    const names = outdated.rc === 0 ? readOutdated(outdated.stdout) : [];
    const old = given.name === undefined ? names.length > 0 : names.includes(given.name);
    return old ? acting(given, 'update', seen) : { changes: [] };
  },
});

/** A package by its name, not by a place or an address. */
function isNamed({ name }: Params): boolean {
  return name !== undefined && /^(?:@[\w.-]+\/)?[\w.-]+$/.test(name);
}

function lacks(given: Params, installed: ReadonlyMap<string, string>, missing: readonly string[]): boolean {
  if (given.name === undefined) return missing.length > 0;
  const version = installed.get(given.name);
  return version === undefined || (given.version !== undefined && version !== given.version);
}

function acting(given: Params, verb: Parameters<typeof npmCommand>[1], seen: Observed): Plan {
  const { words, ...act } = npmCommand(given, verb);
  const summary = `npm ${words.join(' ')}`;
  const before = isNamed(given) && !given.ci ? answer(seen, settingProbe(packageSetting(given))) : undefined;
  const change =
    before === undefined || isUnknown(before) || before.rc !== 0
      ? runCommand(act, { undo: 'irreversible', summary })
      : changeSetting(packageSetting(given), {
          before,
          act,
          summary,
          diff: { prepared: `${verb} ${wished(given)}\n` },
        });
  return { changes: [change], result: (outcomes) => refused(summary, outcomes) };
}

function refused(cmd: string, outcomes: readonly ChangeOutcome[]): Record<string, unknown> {
  const ended = endedCommand(outcomes[0]);
  if (!ended || ended.rc === 0) return {};
  return { ...outputKeys(ended, false), failed: true, changed: false, cmd, msg: ended.stderr.trim() };
}
