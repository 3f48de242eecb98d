import { serviceState } from '../../resources/index.ts';
import { boolean, choice, number, strings, text, withAliases } from '../params.ts';
import { planService } from '../service/plan.ts';
import { defineModule } from '../types.ts';

const params = withAliases(
  { service: 'name', args: 'arguments' },
  {
    name: text.describe('Name of the init script.'),
    state: choice('started', 'stopped', 'restarted', 'reloaded')
      .optional()
      .describe('`started` and `stopped` act only when needed; `restarted` and `reloaded` always do.'),
    enabled: boolean.optional().describe('Whether it starts when the host boots.'),
    sleep: number.default(1).describe('Seconds between stop and start of a restart.'),
    pattern: text.optional().describe('Accepted; the status action of the script counts.'),
    runlevels: strings.optional().describe('Accepted; the defaults in the header of the script count.'),
    arguments: text.optional().describe('Accepted; init scripts get no further arguments.'),
    daemonize: boolean.default(false).describe('Accepted; services always run detached.'),
  },
);

/** Init scripts in /etc/init.d. */
export default defineModule({
  name: 'sysvinit',
  summary: 'Starts, stops, restarts and enables an init script.',
  params,
  needs: (given) => [serviceState(given.name)],
  plan: (given, seen, context) =>
    planService(
      {
        name: given.name,
        scope: 'system',
        wanted: { state: given.state, enabled: given.enabled, sleep: given.sleep },
      },
      seen,
      context,
    ),
});
