import {
  type CommandResult,
  type CommandSpec,
  commandOutput,
  type Probe,
  splitWords,
} from '../../resources/index.ts';
import type { Params } from './params.ts';

// $1 gem, $2 `--norc` or nothing, then the command with its words. RubyGems before 2.5.2 do not know the flag and do nothing with it.
const SCRIPT = `
gem=$1 norc=$2 command=$3
shift 3
command -v "$gem" >/dev/null || { echo "there is no program $gem on the target" >&2; exit 127; }
"$gem" "$command" $norc "$@"
rc=$?
if [ "$rc" != 0 ] && [ -n "$norc" ] && ! "$gem" help "$command" | grep -q -e "$norc"; then
  "$gem" "$command" "$@"
  rc=$?
fi
exit "$rc"
`;

function gem(given: Params, words: readonly string[]): CommandSpec & { readonly words: readonly string[] } {
  const norc = given.norc ? '--norc' : '';
  return { argv: ['/bin/sh', '-c', SCRIPT, 'sh', given.executable, norc, ...words], words };
}

/** Asks which versions are installed. A folder of its own knows nothing of what is installed elsewhere. */
export function installedProbe(given: Params): Probe<CommandResult> {
  const { words: _words, ...spec } = gem(given, ['list', '--local', `^${escaped(given.name)}$`]);
  return commandOutput({ ...spec, ...inside(given) });
}

function inside({ install_dir: dir }: Params): Pick<CommandSpec, 'env'> {
  return dir === undefined ? {} : { env: { GEM_HOME: dir, GEM_PATH: dir } };
}

/** Asks which version is the newest. */
export function newestProbe(given: Params): Probe<CommandResult> {
  const { words: _words, ...spec } = gem(given, [
    'list',
    '--remote',
    ...sourceOf(given),
    ...(given.pre_release ? ['--prerelease'] : []),
    `^${escaped(given.name)}$`,
  ]);
  return commandOutput(spec);
}

function escaped(name: string): string {
  return name.replace(/\./g, '\\.');
}

function sourceOf({ repository }: Params): string[] {
  return repository === undefined ? [] : ['--source', repository];
}

function given(flag: string, value: string | undefined): string[] {
  return value === undefined ? [] : [flag, value];
}

/** Gives the command that installs it, and its words. */
export function installing(wish: Params): ReturnType<typeof gem> {
  const flags: [boolean, string][] = [
    [!wish.include_dependencies, '--ignore-dependencies'],
    [true, wish.user_install ? '--user-install' : '--no-user-install'],
    [wish.pre_release, '--pre'],
    [!wish.include_doc, '--no-document'],
    [wish.env_shebang, '--env-shebang'],
    [wish.force, '--force'],
  ];
  const build = splitWords(wish.build_flags ?? '');
  return gem(wish, [
    'install',
    ...given('--version', wish.version),
    ...sourceOf(wish),
    ...given('--install-dir', wish.install_dir),
    ...given('--bindir', wish.bindir),
    ...flags.flatMap(([on, flag]) => (on ? [flag] : [])),
    wish.gem_source ?? wish.name,
    ...(build.length > 0 ? ['--', ...build] : []),
  ]);
}

/** Gives the command that removes it, and its words. */
export function uninstalling(wish: Params): ReturnType<typeof gem> {
  const words = [
    'uninstall',
    ...given('--install-dir', wish.install_dir),
    ...given('--bindir', wish.bindir),
    ...(wish.version === undefined ? ['--all'] : ['--version', wish.version]),
    '--executable',
    ...(wish.force ? ['--force'] : []),
    wish.name,
  ];
  // By --install-dir alone it finds nothing there.
  return { ...gem(wish, words), ...inside(wish) };
}

/** Reads the versions of a gem: `rake (13.0.6, default: 12.3.3, 10.0.0 x86_64-linux)`. */
export function readVersions(stdout: string, name: string): readonly string[] {
  const line = stdout.split('\n').find((one) => one.startsWith(`${name} (`));
  const inside = line?.slice(name.length + 2).replace(/\)\s*$/, '') ?? '';
  return inside
    .split(',')
    .map((one) =>
      one
        .trim()
        .replace(/^default: /, '')
        .replace(/ .*/, ''),
    )
    .filter((one) => one !== '');
}
