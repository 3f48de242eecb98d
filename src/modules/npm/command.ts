import { type CommandResult, type CommandSpec, commandOutput, type Probe } from '../../resources/index.ts';
import type { Setting } from '../setting.ts';
import type { Params } from './params.ts';

// $1 the folder, $2 npm. What is not there has no packages.
const START = `
folder=$1 npm=$2
shift 2
command -v "$npm" >/dev/null || { echo "there is no program $npm on the target" >&2; exit 127; }
`;
const ASK = `${START}if [ -n "$folder" ]; then cd "$folder" 2>/dev/null || { echo '{}'; exit 0; }; fi
"$npm" "$@" || [ $? = 1 ]
`;
const ACT = `${START}if [ -n "$folder" ]; then mkdir -p "$folder" && cd "$folder" || exit; fi
"$npm" "$@"
`;

function script(given: Params, text: string, words: readonly string[]): readonly string[] {
  const folder = given.global ? '' : (given.path ?? '');
  return ['/bin/sh', '-c', text, 'sh', folder, given.executable ?? 'npm', ...words];
}

function flags(given: Params): string[] {
  const all: [boolean, string][] = [
    [given.global, '--global'],
    [given.production, '--production'],
    [given.ignore_scripts, '--ignore-scripts'],
    [given.unsafe_perm, '--unsafe-perm'],
    [given.no_bin_links, '--no-bin-links'],
    [given.no_optional, '--no-optional'],
  ];
  const registry = given.registry === undefined ? [] : ['--registry', given.registry];
  return [...all.flatMap(([on, flag]) => (on ? [flag] : [])), ...registry];
}

/** Asks what is installed. */
export function listProbe(given: Params): Probe<CommandResult> {
  return commandOutput({ argv: script(given, ASK, ['list', '--json', '--long', ...flags(given)]) });
}

/** Asks what there are newer versions of. */
export function outdatedProbe(given: Params): Probe<CommandResult> {
  return commandOutput({ argv: script(given, ASK, ['outdated', '--json', ...flags(given)]) });
}

/** Gives the command that does it, and its words. */
export function npmCommand(
  given: Params,
  verb: 'install' | 'update' | 'uninstall' | 'ci',
): CommandSpec & { words: string[] } {
  const name =
    given.name === undefined || verb === 'ci' ? [] : [verb === 'install' ? wished(given) : given.name];
  const words = [verb, ...flags(given), ...name];
  return { argv: script(given, ACT, words), words };
}

/** The package with the version that is wished. */
export function wished({ name, version }: Params): string {
  return version === undefined ? name! : `${name}@${version}`;
}

const LOOK = `${START}if [ -n "$folder" ]; then cd "$folder" 2>/dev/null || exit 0; fi
name=$1
shift
"$npm" list "$name" --depth=0 --parseable --long "$@" 2>/dev/null | sed -n "s|^[^:]*:$name@\\([^:]*\\).*|\\1|p"
`;
const BACK = `${START}if [ -n "$folder" ]; then cd "$folder" || exit; fi
name=$1
shift
if IFS= read -r version && [ -n "$version" ]; then "$npm" install "$@" "$name@$version"; else "$npm" uninstall "$@" "$name"; fi
`;

/** A package with its version, which a rollback brings back. */
export function packageSetting(given: Params): Setting {
  const words = [given.name!, ...flags(given)];
  return {
    key: `npm:${given.global ? 'global' : given.path}:${given.name}`,
    look: script(given, LOOK, words),
    back: script(given, BACK, words),
  };
}

/** What `npm list` says: names with versions, and the names of what is missing or does not fit. */
export function readList(output: string): { installed: Map<string, string>; missing: string[] } {
  const installed = new Map<string, string>();
  const missing: string[] = [];
  for (const [name, one] of Object.entries(read(output).dependencies ?? {})) {
    if (one.missing || one.invalid) missing.push(name);
    else installed.set(name, one.version ?? '');
  }
  return { installed, missing };
}

/** Reads what `npm outdated` says: the names. */
export function readOutdated(output: string): string[] {
  return Object.keys(read(output));
}

interface Listed {
  readonly dependencies?: Readonly<
    Record<string, { readonly version?: string; readonly missing?: unknown; readonly invalid?: unknown }>
  >;
}

function read(output: string): Listed {
  const text = output.trim();
  return text === '' ? {} : (JSON.parse(text) as Listed);
}
