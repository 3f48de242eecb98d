import { z } from 'zod';
import { commandOutput } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, factsPlan, unknownPlan } from '../answer.ts';
import { defineModule } from '../types.ts';

interface Service {
  readonly name: string;
  readonly state: string;
  readonly status?: string;
  readonly source: string;
}

// Units that are loaded, then units that are only files; or init scripts that know `status`, as "service --status-all" lists them.
const probe = commandOutput({
  script: `if command -v systemctl >/dev/null && [ -d /run/systemd/system ]; then
  echo units
  systemctl list-units --all --type=service --no-legend --plain --no-pager
  echo files
  systemctl list-unit-files --type=service --no-legend --no-pager
elif command -v rc-status >/dev/null; then
  echo openrc
  rc-status -a -s -f ini
elif [ -d /etc/init.d ]; then
  for script in /etc/init.d/*; do
    [ -x "$script" ] || continue
    name=\${script##*/}
    case $name in README | functions | skeleton | rc | rcS) continue ;; esac
    said=$("$script" status 2>&1 </dev/null) && [ -n "$said" ] && state=running || state=stopped
    case $said in *[Uu]sage:*) continue ;; esac
    echo "sysv $name $state"
  done
fi
`,
  env: { LC_ALL: 'C' },
});

/** Gives the fact `services`: name to state, source, and status where the service manager has one. */
export default defineModule({
  name: 'service_facts',
  summary: 'Gathers the state of all services of the target.',
  params: z.strictObject({}),
  needs: () => [probe],
  plan(_given, seen) {
    const said = answer(seen, probe);
    if (isUnknown(said)) return unknownPlan(said);
    return factsPlan({ services: readServices(said.stdout) });
  },
});

/** Reads the listing; words as Ansible has them: an active service is `running`, an exited or dead one `stopped`. */
function readServices(output: string): Record<string, Service> {
  const services: Record<string, Service> = {};
  let part = '';
  for (const line of output.split('\n')) {
    if (/^(?:units|files|openrc)$/.test(line)) part = line;
    else if (line.trim() !== '') readLine(services, part, line.trim());
  }
  return services;
}

function readLine(services: Record<string, Service>, part: string, line: string): void {
  const words = line.split(/\s+/);
  const name = words[0]!;
  if (part === 'units') {
    const [, load, active, sub] = words;
    const state = active === 'active' && sub === 'running' ? 'running' : 'stopped';
    const bad = [load, active].find((word) => /^(?:not-found|masked|failed)$/.test(word ?? ''));
    const status = bad ?? 'unknown';
    services[name] = { name, state, status, source: 'systemd' };
  } else if (part === 'files') {
    const known = services[name];
    const state = known?.state ?? (name.endsWith('@.service') ? 'unknown' : 'inactive');
    services[name] = {
      name,
      state,
      status: known?.status === 'failed' ? 'failed' : words[1]!,
      source: 'systemd',
    };
  } else if (part === 'openrc') {
    const [service, state] = line.split(/\s*=\s*/);
    if (service && state)
      services[service] = {
        name: service,
        state: state === 'started' ? 'running' : state,
        status: 'unknown',
        source: 'openrc',
      };
  } else if (words[0] === 'sysv') {
    services[words[1]!] = { name: words[1]!, state: words[2]!, source: 'sysv' };
  }
}
