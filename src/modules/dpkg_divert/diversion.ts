import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import type { Setting } from '../setting.ts';

/** Where the files that packages bring for a path go instead. */
export interface Diversion {
  readonly divert: string;
  /** The package whose own file stays at the path; `LOCAL` is nobody's. */
  readonly holder: string;
}

/** What dpkg-divert(1) says. */
export interface Diversions {
  /** Path of the program. */
  readonly program: string;
  /** It must be told not to rename; dpkg older than 1.19.1 knows no such flag. */
  readonly knowsNoRename: boolean;
  /** Each as `local diversion of A to B` or `diversion of A to B by PACKAGE`. */
  readonly lines: readonly string[];
}

const SHOW = `
LC_ALL=C
export LC_ALL
command -v dpkg-divert || { echo "there is no program dpkg-divert on the target" >&2; exit 127; }
if dpkg-divert --help | grep -q -e --no-rename; then echo no-rename; else echo; fi
dpkg-divert --list
`;

/** Asks for all diversions. */
export const diversionsProbe: Probe<CommandResult> = commandOutput({ argv: ['/bin/sh', '-c', SHOW] });

/** Reads what the probe printed. */
export function readDiversions(stdout: string): Diversions {
  const [program = '', flag, ...lines] = stdout.trimEnd().split('\n');
  return { program, knowsNoRename: flag === 'no-rename', lines };
}

/** Gives the text of the probe. */
export function writeDiversions({ program, knowsNoRename, lines }: Diversions): string {
  return `${[program, knowsNoRename ? 'no-rename' : '', ...lines].join('\n')}\n`;
}

/** Asks which packages bring a file for the path. */
export function ownersProbe(path: string): Probe<CommandResult> {
  return commandOutput({ argv: ['dpkg-query', '--search', path], env: { LC_ALL: 'C' } });
}

/** Reads the names of the packages: `a, b:amd64: /the/path`. */
export function readOwners(stdout: string, path: string): readonly string[] {
  return stdout
    .split('\n')
    .filter((line) => line.endsWith(`: ${path}`) && !/^(local )?diversion by /.test(line))
    .flatMap((line) => line.slice(0, -path.length - 2).split(', '))
    .map((name) => name.replace(/:.*$/, ''));
}

/** Names a diversion as dpkg-divert does. */
export function called(path: string, { divert, holder }: Diversion): string {
  return holder === LOCAL
    ? `local diversion of ${path} to ${divert}`
    : `diversion of ${path} to ${divert} by ${holder}`;
}

/** Who holds a diversion that belongs to no package. */
export const LOCAL = 'LOCAL';

/** The diversion of a path, undefined where there is none. */
export function diversionOf(path: string, { lines }: Diversions): Diversion | undefined {
  const local = `local diversion of ${path} to `;
  const held = `diversion of ${path} to `;
  for (const line of lines) {
    if (line.startsWith(local)) return { divert: line.slice(local.length), holder: LOCAL };
    const [, divert, holder] = line.startsWith(held)
      ? (/^(.*) by (\S+)$/.exec(line.slice(held.length)) ?? [])
      : [];
    if (divert !== undefined) return { divert, holder: holder! };
  }
  return undefined;
}

/** Gives the line of another path's diversion that stands in the way of one: dpkg-divert refuses both on one place. */
export function clashWith(path: string, divert: string, { lines }: Diversions): string | undefined {
  const own = `diversion of ${path} to `;
  return lines.find((line) => {
    if (line.replace(/^local /, '').startsWith(own)) return false;
    const [, from, to] = /^(?:local )?diversion of (.*?) to (.*?)(?: by \S+)?$/.exec(line) ?? [];
    return from === divert || to === divert || to === path;
  });
}

const LOOK = `
holder=$(LC_ALL=C dpkg-divert --listpackage "$1") || exit
[ -z "$holder" ] || { printf '%s\\n' "$holder"; dpkg-divert --truename "$1"; }
`;

const BACK = `
path=$1 rename=$2
read -r holder || holder=
read -r divert || divert=
now=$(LC_ALL=C dpkg-divert --listpackage "$path") || exit
[ -z "$now" ] || dpkg-divert --quiet $rename --remove "$path" || exit
case $holder in
'') ;;
LOCAL) dpkg-divert --quiet $rename --local --divert "$divert" --add "$path" ;;
*) dpkg-divert --quiet $rename --package "$holder" --divert "$divert" --add "$path" ;;
esac
`;

/** The diversion of a path; `rename` is the flag that a rollback gives too: the file moves back as it moved there. */
export function diversionSetting(path: string, rename: string): Setting {
  return {
    key: `dpkg-divert:${path}`,
    look: ['/bin/sh', '-c', LOOK, 'sh', path],
    back: ['/bin/sh', '-c', BACK, 'sh', path, rename],
  };
}

/** What `look` of the setting prints. */
export function lookOf(diversion: Diversion | undefined): string {
  return diversion === undefined ? '' : `${diversion.holder}\n${diversion.divert}\n`;
}
