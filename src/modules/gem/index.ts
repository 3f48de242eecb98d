import { type ChangeOutcome, runCommand } from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { complaintOf, endedCommand, outputKeys } from '../command/result.ts';
import { shown } from '../setting.ts';
import { defineModule, type Plan } from '../types.ts';
import { installedProbe, installing, newestProbe, readVersions, uninstalling } from './command.ts';
import { gemParams, type Params } from './params.ts';

/** Gems of Ruby. */
export default defineModule({
  name: 'gem',
  summary: 'Installs and removes gems of Ruby.',
  params: gemParams,
  needs: (given) => [installedProbe(given), ...(given.state === 'latest' ? [newestProbe(given)] : [])],
  plan(given, seen, context): Plan {
    const said = answer(seen, installedProbe(given));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) {
      const failed = complaintOf(said);
      // In a dry run Ruby may be the work of a task before.
      return context.checkMode && said.rc === 127
        ? unknownPlan(new Unknown(failed))
        : { changes: [], failed };
    }
    const installed = readVersions(said.stdout, given.name);
    if (given.state === 'absent') {
      const going = installed.filter((one) => given.version === undefined || one === given.version);
      return acting(given, going.length > 0 ? installed.filter((one) => !going.includes(one)) : undefined);
    }
    if (given.state === 'present') {
      const there = given.version === undefined ? installed.length > 0 : installed.includes(given.version);
      return acting(given, there ? undefined : [...installed, given.version ?? versionOfFile(given)]);
    }
    const remote = answer(seen, newestProbe(given));
    if (isUnknown(remote)) return unknownPlan(remote);
    const [newest] = readVersions(remote.stdout, given.name);
    const there = newest !== undefined && installed.includes(newest);
    return acting(given, there ? undefined : [...installed, newest]);
  },
});

/** The version that a file is called by. */
function versionOfFile({ gem_source: file }: Params): string | undefined {
  return /-(\d[^-/]*)\.gem$/.exec(file ?? '')?.[1];
}

/** Changes what is installed to these versions; none to leave it. A version that nobody knows yet is undefined. */
function acting(given: Params, versions: readonly (string | undefined)[] | undefined): Plan {
  const { name, state, version } = given;
  const about = { name, state, ...(version !== undefined && { version }) };
  if (versions === undefined) return { changes: [], result: () => about };
  const { words, ...spec } = state === 'absent' ? uninstalling(given) : installing(given);
  const cmd = `${given.executable} ${words.join(' ')}`;
  const change = runCommand(spec, { undo: 'irreversible', summary: `gem ${words.join(' ')}` });
  const after = versions.length === 0 ? '' : `${name} (${versions.join(', ')})\n`;
  const predicts = new Map<string, unknown>([[installedProbe(given).key, shown(after)]]);
  return {
    changes: [versions.includes(undefined) ? change : { ...change, predicts }],
    result: (outcomes) => ({ ...about, ...refused(cmd, outcomes) }),
  };
}

function refused(cmd: string, outcomes: readonly ChangeOutcome[]): Record<string, unknown> {
  const ended = endedCommand(outcomes[0]);
  if (!ended || ended.rc === 0) return {};
  const msg = ended.stderr.trim() || complaintOf(ended);
  return { ...outputKeys(ended, false), failed: true, changed: false, cmd, msg };
}
