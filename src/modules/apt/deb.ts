import type { z } from 'zod';
import {
  commandOutput,
  fetchFile,
  type HttpReply,
  type Observed,
  type Probe,
  runCommand,
} from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { endedCommand, outputKeys } from '../command/result.ts';
import type { Plan, PlanContext } from '../types.ts';
import { aptGet } from './commands.ts';
import { installedProbe, readInstalled } from './installed.ts';
import type { aptParams } from './params.ts';
import { aptScript } from './script.ts';
import { APT_ENVIRONMENT, refusal, touchedPackages } from './simulation.ts';

type Params = z.infer<typeof aptParams>;

/** What must be known of a package file: what is in it, and whether that is installed. */
export function debNeeds(deb: string, seen: Observed): Probe[] {
  if (isAddress(deb)) return [fetchFile({ url: deb })];
  const said = seen.get(controlProbe(deb));
  if (said === undefined || isUnknown(said) || said.rc !== 0) return [controlProbe(deb)];
  return [controlProbe(deb), installedProbe([said.stdout.split('\t')[0]!])];
}

/** Plans the installation of a package file with everything that it depends on. */
export function planDeb(given: Params, seen: Observed, context: PlanContext): Plan {
  return isAddress(given.deb!) ? fromAddress(given, seen, context) : fromFile(given, seen);
}

function fromFile(given: Params, seen: Observed): Plan {
  const deb = given.deb!;
  const said = answer(seen, controlProbe(deb));
  if (isUnknown(said)) return unknownPlan(said);
  if (said.rc !== 0) return { changes: [], failed: `${deb} is no package file: ${said.stderr.trim()}` };
  const [name, version] = said.stdout.trim().split('\t') as [string, string];
  const present = answer(seen, installedProbe([name]));
  if (isUnknown(present)) return unknownPlan(present);
  const known = readInstalled(present.stdout).get(name);
  if (known?.status === 'installed' && known.version === version) return { changes: [], changed: false };
  const command = aptGet({ ...given, state: 'present', upgrade: 'no' }, [deb])!;
  const script = aptScript(given, { update: false, commands: [command] });
  return installing(script, `install ${name} ${version} from ${deb}`);
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
  const command = aptGet({ ...given, state: 'present', upgrade: 'no' }, ['./package.deb'])!;
  const script = `folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
cat >package.deb
${aptScript(given, { update: false, commands: [command] })}`;
  const plan = installing(script, `install ${given.deb}`, reply.body);
  return context.checkMode ? { ...plan, changed: new Unknown('the package was not looked into') } : plan;
}

function installing(script: string, summary: string, stdin?: Uint8Array): Plan {
  return {
    changes: [runCommand({ script, stdin, env: APT_ENVIRONMENT }, { undo: 'irreversible', summary })],
    result: (outcomes) => {
      const ended = endedCommand(outcomes[0]);
      if (!ended) return {};
      if (ended.rc !== 0) return { ...outputKeys(ended), failed: true, msg: refusal(ended.stderr, ended.rc) };
      return { ...outputKeys(ended), changed: touchedPackages(ended.stdout) ?? true };
    },
  };
}

function controlProbe(deb: string): ReturnType<typeof commandOutput> {
  return commandOutput({ argv: ['dpkg-deb', '-W', '--showformat', '${Package}\\t${Version}\\n', deb] });
}

function isAddress(deb: string): boolean {
  return /^https?:\/\//.test(deb);
}
