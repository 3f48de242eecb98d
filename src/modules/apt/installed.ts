import { fnmatch } from '../../regex/index.ts';
import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';

/** A package as dpkg knows it. */
export interface Installed {
  readonly version: string;
  /** `installed`, `config-files`, `half-configured` ... (dpkg-query(1), db:Status-Status). */
  readonly status: string;
}

/** A wish as written: `name`, `name=version`, `name/release`, with an architecture after a colon. */
export interface PackageWish {
  readonly written: string;
  readonly name: string;
  /** May hold wildcards. */
  readonly version?: string;
  readonly release?: string;
}

/** Takes a wish apart. */
export function packageWish(written: string): PackageWish {
  const [, name, mark, rest] = /^([^=/]+)(?:\s*([=/])\s*(.+))?$/.exec(written.trim()) ?? [];
  if (mark === '=') return { written, name: name!, version: rest };
  return mark === '/' ? { written, name: name!, release: rest } : { written, name: name ?? written };
}

/** Asks dpkg about packages; those that it does not know are just not in the answer. */
export function installedProbe(names: readonly string[]): Probe<CommandResult> {
  const format = '${binary:Package}\\t${Package}\\t${Version}\\t${db:Status-Status}\\n';
  return commandOutput({
    argv: ['dpkg-query', '-W', '-f', format, '--', ...names],
    env: { LC_ALL: 'C' },
  });
}

/** Reads what dpkg said. Names with and without architecture both find the package. */
export function readInstalled(output: string): ReadonlyMap<string, Installed> {
  const found = new Map<string, Installed>();
  for (const line of output.split('\n')) {
    const [binary, name, version, status] = line.split('\t');
    if (!binary || !name || status === undefined) continue;
    for (const key of [binary, name]) {
      if (found.get(key)?.status !== 'installed') found.set(key, { version: version!, status });
    }
  }
  return found;
}

/** Whether a wish for `present` is fulfilled already. Wildcards in names are left to apt. */
export function isSatisfied(wish: PackageWish, installed: ReadonlyMap<string, Installed>): boolean {
  const known = installed.get(wish.name);
  if (known?.status !== 'installed' || wish.release !== undefined) return false;
  return wish.version === undefined || fnmatch(wish.version).test(known.version);
}
