/** Where installed Debian packages come from: the origin of the archive that has the installed version. */
import { commandOutput } from '../../resources/index.ts';

/** Asks apt for its archives with their origins, and for the versions of every package with the archives that have them. */
export const originsProbe = commandOutput({
  script: `command -v apt-cache >/dev/null && command -v dpkg-query >/dev/null || exit 0
apt-cache policy
echo packages:
dpkg-query -W -f '\${binary:Package}\\n' | xargs apt-cache policy
`,
  env: { LC_ALL: 'C' },
});

/** Gives the origin by name (with `:ARCH` where apt writes it so); of a package that no archive has, the empty text. */
export function originsFrom(policies: string): ReadonlyMap<string, string> {
  const [archives = '', packages = ''] = policies.split(/^packages:$/m);
  const originOf = new Map<string, string>();
  for (const [, source, release] of archives.matchAll(/^ *-?\d+ (.+)\n +release (.*)$/gm))
    originOf.set(source!, /(?:^|,)o=([^,]*)/.exec(release!)?.[1] ?? '');
  const origins = new Map<string, string>();
  for (const [, name, table] of packages.matchAll(/^(\S+):\n((?: .*(?:\n|$))*)/gm)) {
    const source = /^ \*\*\* .*\n +-?\d+ (.+)$/m.exec(table!)?.[1];
    origins.set(name!, originOf.get(source ?? '') ?? '');
  }
  return origins;
}
