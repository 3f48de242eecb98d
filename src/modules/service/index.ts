import { serviceState } from '../../resources/index.ts';
import { boolean, choice, number, text, withAliases } from '../params.ts';
import { defineModule } from '../types.ts';
import { planService } from './plan.ts';

const params = withAliases(
  { args: 'arguments' },
  {
    name: text.describe('Name of the service.'),
    state: choice('started', 'stopped', 'restarted', 'reloaded')
      .optional()
      .describe('`started` and `stopped` act only when needed; `restarted` and `reloaded` always do.'),
    enabled: boolean.optional().describe('Whether it starts when the host boots.'),
    masked: boolean.optional().describe('Whether it can be started at all (systemd).'),
    daemon_reload: boolean.default(false).describe('Let systemd read its unit files again first.'),
    sleep: number.optional().describe('Seconds between stop and start of a restart (init scripts).'),
    pattern: text.optional().describe('Accepted; the status of the service manager counts.'),
    runlevel: text.default('default').describe('Accepted; OpenRC uses its default runlevel.'),
    arguments: text.optional().describe('Accepted; init scripts get no further arguments.'),
    use: text.default('auto').describe('Accepted; the service manager is recognised on the target.'),
  },
);

/** Whatever manager the host has: systemd, OpenRC or init scripts. */
export default defineModule({
  name: 'service',
  summary: 'Starts, stops, restarts and enables a service.',
  params,
  needs: (given) => [serviceState(given.name)],
  plan(given, seen, context) {
    const plan = planService(
      {
        name: given.name,
        scope: 'system',
        wanted: {
          state: given.state,
          enabled: given.enabled,
          masked: given.masked,
          daemonReload: given.daemon_reload || undefined,
          sleep: given.sleep,
        },
      },
      seen,
      context,
    );
    if (given.arguments === undefined) return plan;
    return { ...plan, warnings: ['arguments: not given to the service'] };
  },
});
