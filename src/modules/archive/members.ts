import { posix } from 'node:path';
import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import type { Params } from './params.ts';

/** What the paths of a task stand for. */
export interface Members {
  /** What `path` names, patterns filled in. */
  readonly paths: readonly string[];
  readonly excluded: readonly string[];
  readonly missing: readonly string[];
  /** What goes into the archive, absolute. */
  readonly found: readonly string[];
  /** One single file is meant: no pattern or folder, and nothing beside it. */
  readonly isSingle: boolean;
  /** The folder that names in the archive begin in, with a slash at its end. */
  readonly root: string;
}

// $1 the archive, then paths, --, paths to leave out, --, patterns to leave out. A pattern that fits nothing stands for nothing.
const LOOK = `
dest=$1
shift
IFS=
newline='
'
paths= excluded= patterns= part=path
for word; do
  if [ "$word" = -- ]; then
    if [ "$part" = path ]; then part=exclude; else part=pattern; fi
    continue
  fi
  if [ "$part" = pattern ]; then
    patterns=$patterns$word$newline
    continue
  fi
  # shellcheck disable=SC2086
  case $word in *[*?[]*) set -- $word ;; *) set -- "$word" ;; esac
  for one; do
    case $word in *[*?[]*) [ -e "$one" ] || [ -h "$one" ] || continue ;; esac
    if [ "$part" = path ]; then paths=$paths$one$newline; echo "P $one"; else excluded=$excluded$one$newline; echo "X $one"; fi
  done
done
isOut() {
  [ "$1" != "$dest" ] || return 0
  IFS=$newline
  for pattern in $patterns; do
    # shellcheck disable=SC2254
    case $1 in $pattern) return 0 ;; esac
  done
  return 1
}
IFS=$newline
set -f
for one in $paths; do
  case $newline$excluded in *"$newline$one$newline"*) continue ;; esac
  if [ -d "$one" ] && [ ! -h "$one" ]; then
    echo "D $one"
    find "$one" ! -path "$one" | LC_ALL=C sort | while IFS= read -r member; do isOut "$member" || echo "A $member"; done
  elif [ -e "$one" ] || [ -h "$one" ]; then isOut "$one" || echo "A $one"
  else echo "M $one"
  fi
done
`;

/** Asks what there is to pack. */
export function membersProbe(given: Params): Probe<CommandResult> {
  const words = [...given.path, '--', ...given.exclude_path, '--', ...(given.exclusion_patterns ?? [])];
  return commandOutput({ argv: ['/bin/sh', '-c', LOOK, 'sh', given.dest ?? '', ...words] });
}

/** Reads the answer. */
export function readMembers(output: string, given: Params): Members {
  const lines = output.split('\n');
  const of = (kind: string) =>
    lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(2).replace(/\/{2,}/g, '/'));
  const [paths, excluded] = [of('P'), of('X')];
  // What is left out does not count: of two paths a single file may be left.
  const wanted = paths.filter((path) => !excluded.includes(path));
  return {
    paths,
    excluded,
    missing: of('M'),
    found: of('A'),
    isSingle: wanted.length === 1 && !given.path.some((path) => /[*?[]/.test(path)) && of('D').length === 0,
    root: rootOf(wanted),
  };
}

/** The folder that all paths have in common. */
function rootOf(paths: readonly string[]): string {
  const folders = paths.map((path) =>
    (path.endsWith('/') ? path.slice(0, -1) : posix.dirname(path)).split('/'),
  );
  const [first = ['']] = folders;
  const differs = first.findIndex((part, at) => folders.some((other) => other[at] !== part));
  const common = (differs === -1 ? first : first.slice(0, differs)).join('/');
  return common === '' || common === '/' ? '/' : `${common}/`;
}
