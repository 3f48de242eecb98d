import { type Change, fileState, type Observed, runCommand, setFile } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, endedCommand } from '../command/result.ts';
import { defineModule, type Plan } from '../types.ts';
import { gitParams } from './params.ts';
import {
  addressOf,
  copyProbe,
  gitEnvironment,
  type Params,
  type RemoteVersion,
  readCopy,
  readRemote,
  remoteProbe,
  type Source,
  type WorkingCopy,
} from './questions.ts';
import { CHANGED, cloneScript, finishScript, updateScript } from './script.ts';

/** Working copies of git repositories, with the target's own git. */
export default defineModule({
  name: 'git',
  summary: 'Clones a git repository to the target, or brings it to a version.',
  params: gitParams,
  needs: (source, seen) => {
    const given = placed(source);
    if (!given) return [remoteProbe(source)];
    const said = seen.get(copyProbe(given));
    if (said === undefined || isUnknown(said)) return [copyProbe(given)];
    const first = [copyProbe(given), fileState(given.dest, { checksum: false })];
    return said.rc === 0 && asksRemote(given, readCopy(said.stdout)) ? [...first, remoteProbe(given)] : first;
  },
  plan(source, seen) {
    const given = placed(source);
    if (!given) return withVersion(source, seen, onlyLooked);
    const said = answer(seen, copyProbe(given));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0)
      return { changes: [], failed: `${given.dest}: ${said.stderr.trim().split('\n').at(-1)}` };
    const copy = readCopy(said.stdout);
    if (copy.kind === 'other')
      return { changes: [], failed: `${given.dest} is there, is not empty, and is no git repository` };
    const before = copy.kind === 'repository' ? copy.head || null : null;
    if (!asksRemote(given, copy)) {
      if (given.archive !== undefined && before !== null)
        return finished({ ...given, recursive: false }, before, { kind: 'commit', commit: before });
      return { changes: [], changed: false, result: () => ({ before, after: before }) };
    }
    return withVersion(given, seen, (version) => {
      if (copy.kind !== 'absent') return updated(given, copy, version);
      return given.clone ? cloned(given, version, seen) : onlyLooked(version);
    });
  },
});

function placed(source: Source): Params | undefined {
  return source.dest === undefined ? undefined : { ...source, dest: source.dest };
}

/** Plans with what the version is on the remote, or says why that is not known. */
function withVersion(source: Source, seen: Observed, plan: (version: RemoteVersion) => Plan): Plan {
  const remote = answer(seen, remoteProbe(source));
  if (isUnknown(remote)) return unknownPlan(remote);
  if (remote.rc !== 0) {
    return {
      changes: [],
      failed: `${source.repo}: ${whyFailed(remote.stderr)}`,
    };
  }
  const version = readRemote(remote.stdout, source.version);
  return version
    ? plan(version)
    : { changes: [], failed: `${source.repo} has no branch, tag or commit "${source.version}"` };
}

/** Behind the reason come good words about access rights. */
function whyFailed(stderr: string): string {
  const lines = stderr.trim().split('\n');
  return lines.find((line) => line.startsWith('fatal: ')) ?? (lines.at(-1) || 'cannot be read');
}

/** With `clone: no` a working copy that is not there tells what the remote has. */
function onlyLooked({ commit }: RemoteVersion): Plan {
  return { changes: [], changed: true, result: () => ({ before: null, after: commit }) };
}

function cloned(given: Params, version: RemoteVersion, seen: Observed): Plan {
  const folder = answer(seen, fileState(given.dest, { checksum: false }));
  if (isUnknown(folder)) return unknownPlan(folder);
  // The folder is ours, so a rollback takes away what the clone puts into it.
  const made = setFile(folder, { type: 'directory', ...folderMode(given) }, { owned: true });
  return acting(given, [...made, change(given, cloneScript(given, version), 'clone')], null, version);
}

function asksRemote(given: Params, copy: WorkingCopy): boolean {
  return copy.kind === 'absent' || (copy.kind === 'repository' && given.update);
}

/** Permission bits that `umask` leaves a folder. */
function folderMode({ umask }: Params): { mode?: number } {
  return umask === undefined ? {} : { mode: 0o777 & ~Number.parseInt(umask, 8) };
}

function updated(given: Params, copy: WorkingCopy, version: RemoteVersion): Plan {
  const urlChanged = copy.url !== addressOf(given);
  const same = copy.head !== '' && (copy.head === version.commit || copy.head.startsWith(version.commit));
  if (copy.modified && !given.force) {
    const failed = `Local modifications exist in the destination: ${given.dest} (force=no).`;
    return { changes: [], failed, result: () => ({ before: copy.head }) };
  }
  const complete = !copy.elsewhere && !(given.recursive && copy.submodules === 'differ');
  if (same && complete && !urlChanged && !copy.modified) {
    const tracks = given.recursive && given.track_submodules && copy.submodules !== 'none';
    if (given.archive !== undefined || tracks) return finished(given, copy.head, version);
    const keys = { before: copy.head, after: copy.head, remote_url_changed: false };
    return { changes: [], changed: false, result: () => keys };
  }
  const wish = copy.elsewhere ? given : { ...given, separate_git_dir: undefined };
  return acting(given, [change(given, updateScript(wish, version), 'update')], copy.head || null, version, {
    remote_url_changed: urlChanged,
    ...(given.recursive && copy.submodules === 'differ' ? { submodules_changed: true } : {}),
    ...(copy.modified ? { msg: `Local modifications exist in the destination: ${given.dest}` } : {}),
  });
}

/** Only the archive is made, and submodules fetched; it counts as a change when these differ from what is there. */
function finished(given: Params, head: string, version: RemoteVersion): Plan {
  const plan = acting(
    given,
    [change(given, finishScript(given), given.archive === undefined ? 'update submodules of' : 'archive')],
    head,
    version,
  );
  return {
    ...plan,
    result: (outcomes) => {
      const said = endedCommand(outcomes[0])?.stdout.split('\n') ?? [];
      return { changed: said.includes(CHANGED), ...plan.result!(outcomes) };
    },
  };
}

function change(given: Params, script: string, verb: string): Change {
  const umask = given.umask === undefined ? undefined : Number.parseInt(given.umask, 8);
  return runCommand(
    { script, env: gitEnvironment(given), umask },
    { undo: 'irreversible', summary: `${verb} ${given.dest} (${given.version})` },
  );
}

function acting(
  given: Params,
  changes: Change[],
  before: string | null,
  version: RemoteVersion,
  more: Readonly<Record<string, unknown>> = {},
): Plan {
  const work = changes.at(-1)!;
  const short = (commit: string | null): string => commit?.slice(0, 12) ?? 'nothing';
  const diff = { prepared: `${given.dest}: ${short(before)} -> ${short(version.commit)}` };
  return {
    changes: [...changes.slice(0, -1), { ...work, diff }],
    result: (outcomes) => {
      const ended = endedCommand(outcomes.at(-1));
      const after = ended?.rc === 0 ? ended.stdout.trim().split('\n').at(-1) : version.commit;
      return { before, after, ...more, ...commandFailure(outcomes) };
    },
  };
}
