import { posix } from 'node:path';
import { quote } from '../../resources/index.ts';
import { addressOf, type Params, type RemoteVersion } from './questions.ts';

/** Gives the script that makes a new working copy and prints its commit last. */
export function cloneScript(given: Params, version: RemoteVersion): string {
  const words = ['clone', '--origin', given.remote];
  if (given.bare) words.push('--bare');
  // Which commits lie so near to a branch is not known; a refspec says where the commit is.
  if (version.kind !== 'commit' || given.refspec !== undefined) words.push(...depthOf(given));
  if (given.reference !== undefined) words.push('--reference', given.reference);
  if (given.single_branch && version.kind !== 'commit') words.push('--single-branch');
  if (given.separate_git_dir !== undefined) words.push(`--separate-git-dir=${given.separate_git_dir}`);
  const named = version.kind === 'branch' || version.kind === 'tag';
  // Otherwise the default branch is there too, as after any clone.
  const direct = named && (given.depth !== undefined || given.single_branch || given.bare);
  if (direct) words.push('--branch', given.version);
  return lines(
    `mkdir -p ${quote(posix.dirname(given.dest))}`,
    command(given, ...words, '--', addressOf(given), given.dest),
    `cd ${quote(given.dest)}`,
    fetchRefspec(given),
    ...(given.bare || direct || version.kind === 'default' ? [] : checkout(given, version)),
    ...ending(given),
  );
}

/** Gives the script that writes the archive of a working copy that is at the version, brings submodules to their commits, and prints its own last. */
export function finishScript(given: Params): string {
  return lines(`cd ${quote(given.dest)}`, ...ending(given));
}

/** Gives the script that brings a working copy to the version and prints its commit last. */
export function updateScript(given: Params, version: RemoteVersion): string {
  const { remote } = given;
  const config = `remote.${remote}.url`;
  const refs = given.bare ? '+refs/heads/*:refs/heads/*' : `+refs/heads/*:refs/remotes/${remote}/*`;
  const start = [
    `cd ${quote(given.dest)}`,
    command(given, 'config', config, addressOf(given)),
    command(given, 'fetch', '-q', '--tags', '--force', ...depthOf(given), remote, refs),
    fetchRefspec(given),
  ];
  if (given.bare) return lines(...start, ...ending(given));
  const apart = given.separate_git_dir;
  if (apart !== undefined)
    start.push(`${command(given, 'init', '-q', `--separate-git-dir=${apart}`)} >/dev/null`);
  const reset = given.force ? command(given, 'reset', '-q', '--hard', 'HEAD') : undefined;
  return lines(...start, reset, ...checkout(given, version), ...ending(given));
}

function checkout(given: Params, version: RemoteVersion): string[] {
  const { remote } = given;
  if (version.kind === 'tag' || version.kind === 'commit') {
    return [command(given, 'checkout', '-q', '--force', given.version)];
  }
  const branch =
    version.kind === 'branch'
      ? [`branch=${quote(given.version)}`]
      : [
          `${command(given, 'remote', 'set-head', remote, '--auto')} >/dev/null`,
          `branch=$(${command(given, 'symbolic-ref', '--short', `refs/remotes/${remote}/HEAD`)})`,
          `branch=\${branch#${remote}/}`,
        ];
  // Not with --track: git refuses that for branches which the remote of a shallow clone is not configured to fetch.
  return [
    ...branch,
    `${command(given, 'checkout', '-q', '--force', '--no-track', '-B')} "$branch" ${quote(`refs/remotes/${remote}`)}/"$branch"`,
    `${command(given, 'config')} branch."$branch".remote ${quote(remote)}`,
    `${command(given, 'config')} branch."$branch".merge refs/heads/"$branch"`,
  ];
}

function ending(given: Params): (string | undefined)[] {
  return [
    given.verify_commit ? verify(given) : undefined,
    given.recursive && !given.bare ? submodules(given) : undefined,
    given.archive === undefined ? undefined : archive(given, given.archive),
    command(given, 'rev-parse', 'HEAD'),
  ];
}

function submodules(given: Params): string {
  const update = ['submodule', '--quiet', 'update', '--init', '--recursive', '--force'];
  if (given.track_submodules) update.push('--remote');
  const status = `"$(${command(given, 'submodule', 'status', '--recursive')})"`;
  return lines(
    'if [ -f .gitmodules ]; then',
    `present=${status}`,
    command(given, ...update),
    `[ "$present" = ${status} ] || echo ${quote(CHANGED)}`,
    'fi',
  );
}

/** What the script says before it ends when it wrote an archive anew, or submodules are at other commits. */
export const CHANGED = 'changed';

function archive(given: Params, file: string): string {
  const format = /\.zip$/.test(file) ? 'zip' : /\.tar$/.test(file) ? 'tar' : 'tar.gz';
  const prefix = given.archive_prefix === undefined ? [] : [`--prefix=${given.archive_prefix}`];
  const part = `${quote(`${file}.cutover-part`)}`;
  return lines(
    `${command(given, 'archive', `--format=${format}`, ...prefix, given.version)} >${part}`,
    `if cmp -s ${part} ${quote(file)}; then rm -f ${part}; else mv -f ${part} ${quote(file)} && echo ${quote(CHANGED)}; fi`,
  );
}

function verify(given: Params): string {
  const version = quote(given.version);
  const git = quote(given.executable);
  return `if ${git} show-ref -q --verify "refs/tags/"${version}; then ${git} verify-tag ${version}; else ${git} verify-commit HEAD; fi`;
}

function fetchRefspec(given: Params): string | undefined {
  if (given.refspec === undefined) return undefined;
  return command(given, 'fetch', '-q', ...depthOf(given), given.remote, given.refspec);
}

function depthOf({ depth }: Params): string[] {
  return depth === undefined ? [] : ['--depth', String(depth)];
}

function command(given: Params, ...words: string[]): string {
  return [given.executable, ...words].map(quote).join(' ');
}

function lines(...parts: (string | undefined)[]): string {
  return ['set -e', ...parts.filter((part) => part !== undefined), ''].join('\n');
}
