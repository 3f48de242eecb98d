import type { z } from 'zod';
import {
  commandOutput,
  fetchFile,
  type HttpReply,
  type Observed,
  type Probe,
  runCommand,
} from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { endedCommand, outputKeys } from '../command/result.ts';
import type { Plan, PlanContext } from '../types.ts';
import { aptGet } from './commands.ts';
import { installedProbe, readInstalled } from './installed.ts';
import type { aptParams } from './params.ts';
import { diffKey, refusalKeys } from './result.ts';
import { aptScript } from './script.ts';
import { APT_ENVIRONMENT, readSteps, refusal, touchedPackages } from './simulation.ts';

type Params = z.infer<typeof aptParams>;

/** What must be known of a package file: what is in it, and whether that is installed. */
export function debNeeds(given: Params, seen: Observed, context: PlanContext): Probe[] {
  const deb = given.deb!;
  if (isAddress(deb)) {
    const reply = seen.get(fetchFile({ url: deb }));
    const looks = context.checkMode && reply !== undefined && !isUnknown(reply) && reply.status === 200;
    return [fetchFile({ url: deb }), ...(looks ? [rehearsal(given, reply)] : [])];
  }
  const said = seen.get(controlProbe(deb));
  if (said === undefined || isUnknown(said) || said.rc !== 0) return [controlProbe(deb)];
  return [controlProbe(deb), installedProbe([said.stdout.split('\t')[0]!])];
}

/** Plans the installation of a package file with everything that it depends on. */
export function planDeb(given: Params, seen: Observed, context: PlanContext): Plan {
  return isAddress(given.deb!) ? fromAddress(given, seen, context) : fromFile(given, seen, context);
}

function fromFile(given: Params, seen: Observed, context: PlanContext): Plan {
  const deb = given.deb!;
  const said = answer(seen, controlProbe(deb));
  if (isUnknown(said)) return unknownPlan(said);
  if (said.rc !== 0) return { changes: [], failed: `${deb} is no package file: ${said.stderr.trim()}` };
  const [name, version] = said.stdout.trim().split('\t') as [string, string];
  const present = answer(seen, installedProbe([name]));
  if (isUnknown(present)) return unknownPlan(present);
  const known = readInstalled(present.stdout).get(name);
  if (known?.status === 'installed' && known.version === version) return asItIs();
  const script = aptScript(given, { update: false, commands: [installCommand(given, deb)] });
  return installing(script, `install ${name} ${version} from ${deb}`, context);
}

/** Nothing is to be done: the keys of a task that did something are there, and empty. */
function asItIs(): Plan {
  const said = { ...outputKeys({ rc: 0, stdout: '', stderr: '' }), diff: '' };
  return { changes: [], changed: false, result: () => said };
}

// What is in the file is only known on the target once it is there: apt-get says whether anything was to be done.
function fromAddress(given: Params, seen: Observed, context: PlanContext): Plan {
  const answered = answer(seen, fetchFile({ url: given.deb! }));
  if (isUnknown(answered)) return unknownPlan(answered);
  const reply: HttpReply = answered;
  if (reply.status !== 200) {
    return {
      changes: [],
      failed: `${given.deb} could not be fetched: ${reply.error ?? `status ${reply.status}`}`,
    };
  }
  const summary = `install ${given.deb}`;
  if (!context.checkMode) return installing(arriving(given), summary, context, reply.body);
  const rehearsed = answer(seen, rehearsal(given, reply));
  if (isUnknown(rehearsed)) return unknownPlan(rehearsed);
  if (rehearsed.rc !== 0) {
    return {
      changes: [],
      failed: refusal(rehearsed.stderr, rehearsed.rc),
      result: () => refusalKeys(rehearsed),
    };
  }
  if (readSteps(rehearsed.stdout).length === 0) return asItIs();
  const plan = installing(arriving(given), summary, context, reply.body);
  return {
    ...plan,
    result: () => ({ ...outputKeys(rehearsed), ...diffKey(rehearsed.stdout, context.diffMode) }),
  };
}

// The package comes as standard input into a folder of its own, where apt's own user may read it.
function arriving(given: Params, more: readonly string[] = []): string {
  const command = installCommand(given, './package.deb');
  return `folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
cat >package.deb
${aptScript(given, { update: false, commands: [[...command, ...more]] })}`;
}

/** Asks apt-get what it would do with a package that was fetched. */
export function rehearsal(given: Params, reply: Pick<HttpReply, 'body'>): ReturnType<typeof commandOutput> {
  const script = arriving({ ...given, policy_rc_d: undefined }, [
    '--simulate',
    '-o',
    'Dir::Log::Planner=/dev/null',
  ]);
  return commandOutput({ script, stdin: reply.body, env: APT_ENVIRONMENT });
}

function installCommand(given: Params, file: string): readonly string[] {
  return aptGet({ ...given, state: 'present', upgrade: 'no' }, [file])!;
}

function installing(script: string, summary: string, context: PlanContext, stdin?: Uint8Array): Plan {
  return {
    changes: [runCommand({ script, stdin, env: APT_ENVIRONMENT }, { undo: 'irreversible', summary })],
    result: (outcomes) => {
      const ended = endedCommand(outcomes[0]);
      if (!ended) return {};
      if (ended.rc !== 0) return refusalKeys(ended);
      const changed = touchedPackages(ended.stdout) ?? true;
      return { ...outputKeys(ended), ...diffKey(ended.stdout, context.diffMode), changed };
    },
  };
}

function controlProbe(deb: string): ReturnType<typeof commandOutput> {
  return commandOutput({ argv: ['dpkg-deb', '-W', '--showformat', '${Package}\\t${Version}\\n', deb] });
}

function isAddress(deb: string): boolean {
  return /^https?:\/\//.test(deb);
}
