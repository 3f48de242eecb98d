import type { z } from 'zod';
import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import type { gitParams } from './params.ts';

/** Everything but `dest`: enough to ask the remote. */
export type Source = z.infer<typeof gitParams>;

export type Params = Source & { readonly dest: string };

/** What stands at `dest`. */
export interface WorkingCopy {
  readonly kind: 'absent' | 'other' | 'repository';
  readonly head: string;
  readonly url: string;
  /** The repository is not in the folder that it shall be in. */
  readonly elsewhere: boolean;
  /** `differ`: some are missing, or not at the commits that are recorded. */
  readonly submodules: 'none' | 'same' | 'differ';
  /** Tracked files were changed. */
  readonly modified: boolean;
}

/** Never ask a person; say how ssh is to be called. */
export function gitEnvironment(given: Source): Record<string, string> {
  const words = ['ssh', '-o', 'BatchMode=yes'];
  if (given.accept_hostkey || given.accept_newhostkey) words.push('-o', 'StrictHostKeyChecking=accept-new');
  if (given.key_file !== undefined)
    words.push('-o', 'IdentitiesOnly=yes', '-i', `'${given.key_file.replaceAll("'", `'\\''`)}'`);
  if (given.ssh_opts !== undefined) words.push(given.ssh_opts);
  return { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_SSH_COMMAND: words.join(' ') };
}

/** The address as git gets and keeps it: a path becomes a URL, or git would leave `depth` out. */
export function addressOf(given: Source): string {
  return given.repo.startsWith('/') ? `file://${given.repo}` : given.repo;
}

/** Asks what stands at `dest`. */
export function copyProbe(given: Params): Probe<CommandResult> {
  const script = `git=$1 dest=$2 remote=$3 apart=$4 differing=$5
if [ ! -e "$dest" ]; then echo absent; exit 0; fi
if [ -d "$dest" ] && [ -z "$(ls -A "$dest")" ]; then echo absent; exit 0; fi
cd "$dest" || exit 1
if [ ! -e .git ] && [ ! -f HEAD ]; then echo other; exit 0; fi
"$git" rev-parse --git-dir >/dev/null || exit 1
echo repository
"$git" rev-parse -q --verify HEAD || echo
"$git" config --get "remote.$remote.url" || echo
if [ -z "$apart" ] || [ "$(cd "$apart" 2>/dev/null && pwd -P)" = "$("$git" rev-parse --absolute-git-dir)" ]; then echo there; else echo elsewhere; fi
if [ ! -f .gitmodules ]; then echo none
elif "$git" submodule status --recursive 2>/dev/null | grep -q "$differing"; then echo differ
else echo same; fi
"$git" status --porcelain --untracked-files=no 2>/dev/null | head -n 1`;
  return commandOutput({
    argv: [
      '/bin/sh',
      '-c',
      script,
      'sh',
      given.executable,
      given.dest,
      given.remote,
      given.separate_git_dir ?? '',
      // Newest commits of submodules are others than those that are recorded.
      given.track_submodules ? '^-' : '^[-+]',
    ],
    env: { LC_ALL: 'C' },
  });
}

/** Reads the answer of `copyProbe`. */
export function readCopy(output: string): WorkingCopy {
  const [kind, head = '', url = '', place, submodules, status = ''] = output.split('\n');
  return {
    kind: kind as WorkingCopy['kind'],
    head,
    url,
    elsewhere: place === 'elsewhere',
    submodules: (submodules || 'none') as WorkingCopy['submodules'],
    modified: status.trim() !== '',
  };
}

/** Asks the remote which commit the version is. Volatile: others push at any time. */
export function remoteProbe(given: Source): Probe<CommandResult> {
  const refs =
    given.version === 'HEAD'
      ? ['HEAD']
      : [`refs/heads/${given.version}`, `refs/tags/${given.version}`, `refs/tags/${given.version}^{}`];
  const spec = {
    argv: [given.executable, 'ls-remote', addressOf(given), ...refs],
    env: gitEnvironment(given),
  };
  return { ...commandOutput(spec), volatile: true, evenInDoubt: true };
}

/** What the version is on the remote. */
export interface RemoteVersion {
  readonly kind: 'default' | 'branch' | 'tag' | 'commit';
  readonly commit: string;
}

/** Reads the answer of `remoteProbe`; a tag means the commit that it points to. Undefined when the remote has no such version. */
export function readRemote(output: string, version: string): RemoteVersion | undefined {
  const refs = new Map(
    output
      .split('\n')
      .map((line) => line.split('\t'))
      .filter((pair) => pair.length === 2)
      .map(([commit, name]) => [name!, commit!]),
  );
  if (version === 'HEAD') {
    const commit = refs.get('HEAD');
    return commit === undefined ? undefined : { kind: 'default', commit };
  }
  const branch = refs.get(`refs/heads/${version}`);
  if (branch !== undefined) return { kind: 'branch', commit: branch };
  const tag = refs.get(`refs/tags/${version}^{}`) ?? refs.get(`refs/tags/${version}`);
  if (tag !== undefined) return { kind: 'tag', commit: tag };
  return /^[0-9a-f]{7,64}$/.test(version) ? { kind: 'commit', commit: version } : undefined;
}
