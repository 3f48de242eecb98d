import { fnmatch } from '../../regex/index.ts';
import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import { compareDebianVersions } from './version.ts';

/** A package as dpkg knows it. */
export interface Installed {
  readonly version: string;
  /** `installed`, `config-files`, `half-configured` ... (dpkg-query(1), db:Status-Status). */
  readonly status: string;
  /** It came because another package needs it, and goes when nothing does any more. */
  readonly automatic: boolean;
}

/** A wish as written: `name`, `name=version`, `name>=version`, `name/release`, with an architecture after a colon. */
export interface PackageWish {
  /** As apt-get takes it. */
  readonly written: string;
  readonly name: string;
  /** May hold wildcards. */
  readonly version?: string;
  /** The oldest version that will do. */
  readonly atLeast?: string;
  readonly release?: string;
}

/** Takes a wish apart. */
export function packageWish(written: string): PackageWish {
  const [, name, mark, rest] = /^([^>=/\s]+)\s*(?:(>=|=|\/)\s*(.+))?$/.exec(written.trim()) ?? [];
  if (name === undefined) return { written, name: written };
  if (mark === '=') return { written, name, version: rest };
  // apt-get knows no lower bounds: what it would install is looked at.
  if (mark === '>=') return { written: name, name, atLeast: rest };
  return mark === '/' ? { written, name, release: rest } : { written, name };
}

// Of each named package the architectures in which it came by itself (the file of apt-mark(8); missing where nothing did).
const AUTOMATIC = `BEGIN {
  for (i = 1; i < ARGC - 1; i++) { name = ARGV[i]; sub(/:.*/, "", name); wanted[name]; ARGV[i] = "" }
}
/^Package: / { name = $2 }
/^Architecture: / { arch = $2 }
/^Auto-Installed: 1/ && (name in wanted) { print name "\\t" arch }`;

/** Asks dpkg about packages, and apt which of them came by themselves; those that it does not know are just not in the answer. */
export function installedProbe(names: readonly string[]): Probe<CommandResult> {
  const format = '${binary:Package}\\t${Package}\\t${Version}\\t${db:Status-Status}\\n';
  const script =
    'dpkg-query -W -f "$0" -- "$@"; exec awk "$AUTOMATIC" "$@" /var/lib/apt/extended_states 2>/dev/null';
  return commandOutput({
    argv: ['/bin/sh', '-c', script, format, ...names],
    env: { LC_ALL: 'C', AUTOMATIC },
  });
}

/** Reads what the probe said. Names with and without architecture both find the package. */
export function readInstalled(output: string): ReadonlyMap<string, Installed> {
  const lines = output.split('\n').map((line) => line.split('\t'));
  const copies = (name: string, test: (fields: string[]) => boolean): number =>
    lines.filter((fields) => test(fields) && fields.includes(name)).length;
  // Of several architectures, those that somebody asked for keep the package.
  const isAutomatic = (name: string): boolean => {
    const marked = copies(name, (fields) => fields.length === 2);
    return marked > 0 && marked >= copies(name, (fields) => fields[3] === 'installed');
  };
  const found = new Map<string, Installed>();
  for (const [binary, name, version, status] of lines) {
    if (!binary || !name || status === undefined) continue;
    for (const key of [binary, name]) {
      if (found.get(key)?.status === 'installed') continue;
      found.set(key, { version: version!, status, automatic: isAutomatic(name) });
    }
  }
  return found;
}

/** Whether a wish for `present` is fulfilled already. Wildcards in names are left to apt. */
export function isSatisfied(wish: PackageWish, installed: ReadonlyMap<string, Installed>): boolean {
  const known = installed.get(wish.name);
  if (known?.status !== 'installed' || wish.release !== undefined) return false;
  return isVersionWanted(wish, known.version);
}

/** Whether a version is one that the wish allows. */
export function isVersionWanted(wish: PackageWish, version: string): boolean {
  if (wish.atLeast !== undefined) return compareDebianVersions(version, wish.atLeast) >= 0;
  return wish.version === undefined || fnmatch(wish.version).test(version);
}
