import { posix } from 'node:path';
import { quote } from '../../resources/index.ts';
import { addressOf, type Params, type RemoteVersion } from './questions.ts';

/** Gives the script that makes a new working copy and prints its commit last. */
export function cloneScript(given: Params, version: RemoteVersion): string {
  const words = ['clone', '--origin', given.remote];
  if (given.bare) words.push('--bare');
  if (given.depth !== undefined && version.kind !== 'commit') words.push('--depth', String(given.depth));
  if (given.reference !== undefined) words.push('--reference', given.reference);
  if (given.single_branch && version.kind !== 'commit') words.push('--single-branch');
  if (version.kind === 'branch' || version.kind === 'tag') words.push('--branch', given.version);
  return lines(
    `mkdir -p ${quote(posix.dirname(given.dest))}`,
    command(given, ...words, '--', addressOf(given), given.dest),
    `cd ${quote(given.dest)}`,
    fetchRefspec(given),
    given.bare || version.kind !== 'commit'
      ? undefined
      : command(given, 'checkout', '-q', '--force', given.version),
    ...ending(given),
  );
}

/** Gives the script that brings a working copy to the version and prints its commit last. */
export function updateScript(given: Params, version: RemoteVersion): string {
  const { remote } = given;
  const depth = given.depth === undefined ? [] : ['--depth', String(given.depth)];
  const config = `remote.${remote}.url`;
  const refs = given.bare ? '+refs/heads/*:refs/heads/*' : `+refs/heads/*:refs/remotes/${remote}/*`;
  const start = [
    `cd ${quote(given.dest)}`,
    command(given, 'config', config, addressOf(given)),
    command(given, 'fetch', '-q', '--tags', '--force', ...depth, remote, refs),
    fetchRefspec(given),
  ];
  if (given.bare) return lines(...start, ...ending(given));
  const reset = given.force ? command(given, 'reset', '-q', '--hard', 'HEAD') : undefined;
  return lines(...start, reset, ...checkout(given, version), ...ending(given));
}

function checkout(given: Params, version: RemoteVersion): string[] {
  const { remote } = given;
  if (version.kind === 'tag' || version.kind === 'commit') {
    return [command(given, 'checkout', '-q', '--force', given.version)];
  }
  if (version.kind === 'branch') {
    const target = `${remote}/${given.version}`;
    return [command(given, 'checkout', '-q', '--force', '-B', given.version, '--track', target)];
  }
  return [
    `${command(given, 'remote', 'set-head', remote, '--auto')} >/dev/null`,
    `branch=$(${command(given, 'symbolic-ref', '--short', `refs/remotes/${remote}/HEAD`)})`,
    `${command(given, 'checkout', '-q', '--force', '-B')} "\${branch#${remote}/}" --track "$branch"`,
  ];
}

function ending(given: Params): (string | undefined)[] {
  const submodules = ['submodule', '--quiet', 'update', '--init', '--recursive', '--force'];
  if (given.track_submodules) submodules.push('--remote');
  return [
    given.verify_commit ? verify(given) : undefined,
    given.recursive && !given.bare
      ? `if [ -f .gitmodules ]; then ${command(given, ...submodules)}; fi`
      : undefined,
    command(given, 'rev-parse', 'HEAD'),
  ];
}

function verify(given: Params): string {
  const version = quote(given.version);
  const git = quote(given.executable);
  return `if ${git} show-ref -q --verify "refs/tags/"${version}; then ${git} verify-tag ${version}; else ${git} verify-commit HEAD; fi`;
}

function fetchRefspec(given: Params): string | undefined {
  return given.refspec === undefined ? undefined : command(given, 'fetch', '-q', given.remote, given.refspec);
}

function command(given: Params, ...words: string[]): string {
  return [given.executable, ...words].map(quote).join(' ');
}

function lines(...parts: (string | undefined)[]): string {
  return ['set -e', ...parts.filter((part) => part !== undefined), ''].join('\n');
}
