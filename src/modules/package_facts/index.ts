import { z } from 'zod';
import { commandOutput } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, factsPlan, unknownPlan } from '../answer.ts';
import { choice, strings } from '../params.ts';
import { defineModule } from '../types.ts';
import { originsFrom, originsProbe } from './origins.ts';

const params = z.strictObject({
  manager: strings
    .default(['auto'])
    .describe('Which package managers to ask, by priority: auto, apt, rpm, apk ...'),
  strategy: choice('first', 'all').default('first').describe('Ask the first that is there, or all of them.'),
});

type Package = Readonly<Record<string, unknown>>;

const probe = commandOutput({
  // An `environment` with a PATH of its own hides no package manager.
  script: `PATH=$PATH:/usr/bin:/bin:/usr/sbin:/sbin
if command -v dpkg-query >/dev/null; then
  dpkg-query -W -f 'apt\\t\${db:Status-Status}\\t\${Package}\\t\${Version}\\t\${Architecture}\\t\${Section}\\n'
fi
if command -v rpm >/dev/null; then
  rpm -qa --qf 'rpm\\tinstalled\\t%{NAME}\\t%{VERSION}\\t%{ARCH}\\t%{RELEASE}\\t%{EPOCH}\\n'
fi
if command -v apk >/dev/null; then apk info -v 2>/dev/null | sed 's/^/apk /'; fi
`,
  env: { LC_ALL: 'C' },
});

const SAME: Readonly<Record<string, string>> = { dnf: 'rpm', dnf5: 'rpm', yum: 'rpm', zypper: 'rpm' };

/** Gives the fact `packages`: name to a list of versions. */
export default defineModule({
  name: 'package_facts',
  summary: 'Gathers the installed packages of the target.',
  params,
  needs: () => [probe, originsProbe],
  plan(given, seen) {
    const said = answer(seen, probe);
    if (isUnknown(said)) return unknownPlan(said);
    const managers = given.manager.map((name) => SAME[name] ?? name);
    const policies = answer(seen, originsProbe);
    const origins = originsFrom(isUnknown(policies) ? '' : policies.stdout);
    const found = said.stdout.split('\n').flatMap((line) => {
      const one = readPackage(line, origins);
      return one ? [one] : [];
    });
    const there = [...new Set(found.map((one) => one.source as string))];
    const wanted = managers.includes('auto') ? there : managers.filter((name) => there.includes(name));
    if (wanted.length === 0) {
      return {
        changes: [],
        failed: `Could not detect a supported package manager from the following list: ${given.manager.join(', ')}`,
      };
    }
    const chosen = given.strategy === 'first' ? wanted.slice(0, 1) : wanted;
    const packages: Record<string, Package[]> = {};
    for (const one of found) {
      if (!chosen.includes(one.source as string)) continue;
      const name = one.name as string;
      packages[name] = [...(packages[name] ?? []), one];
    }
    return factsPlan({ packages });
  },
});

function readPackage(line: string, origins: ReadonlyMap<string, string>): Package | undefined {
  const apk = /^apk (.+)-(\d[^-]*)-(r\d+)$/.exec(line);
  if (apk) return { name: apk[1]!, version: apk[2]!, release: apk[3]!, source: 'apk' };
  const [source, status, name, version, arch, rest, epoch] = line.split('\t');
  if (status !== 'installed' || !name) return undefined;
  if (source === 'apt') {
    const origin = origins.get(name) ?? origins.get(`${name}:${arch}`) ?? '';
    return { name, version, arch, category: rest, origin, source };
  }
  return { name, version, arch, release: rest, epoch: epoch === '(none)' ? null : Number(epoch), source };
}
