import { serviceState } from '../../resources/index.ts';
import { boolean, choice, text, withAliases } from '../params.ts';
import { planService } from '../service/plan.ts';
import { defineModule } from '../types.ts';

const params = withAliases(
  { service: 'name', unit: 'name', 'daemon-reload': 'daemon_reload', 'daemon-reexec': 'daemon_reexec' },
  {
    name: text.optional().describe('Name of the unit; `.service` may be left out.'),
    state: choice('started', 'stopped', 'restarted', 'reloaded')
      .optional()
      .describe('`started` and `stopped` act only when needed; `restarted` and `reloaded` always do.'),
    enabled: boolean.optional().describe('Whether it starts when the host boots.'),
    force: boolean.default(false).describe('Accepted; links of units are replaced when they differ.'),
    masked: boolean.optional().describe('Whether it can be started at all.'),
    daemon_reload: boolean.default(false).describe('Let systemd read its unit files again first.'),
    daemon_reexec: boolean.default(false).describe('Let systemd run itself anew first.'),
    scope: choice('system', 'user', 'global').default('system').describe('Which systemd is meant.'),
    no_block: boolean.default(false).describe('Do not wait until the unit has started or stopped.'),
  },
)
  .refine(
    (given) =>
      given.name !== undefined ||
      (given.state === undefined && given.enabled === undefined && given.masked === undefined),
    { message: 'needs the parameter "name" with state, enabled or masked' },
  )
  .refine(
    (given) =>
      given.state !== undefined ||
      given.enabled !== undefined ||
      given.masked !== undefined ||
      given.daemon_reload ||
      given.daemon_reexec,
    { message: 'needs one of state, enabled, masked, daemon_reload, daemon_reexec' },
  );

// Reloading alone names no unit; asking for this one says whether there is a systemd.
const ANY_UNIT = 'default.target';

/** Units of systemd. */
export default defineModule({
  name: 'systemd',
  summary: 'Starts, stops, restarts, enables and masks systemd units.',
  params,
  needs: (given) => [serviceState(given.name ?? ANY_UNIT, given.scope)],
  plan(given, seen, context) {
    const plan = planService(
      {
        name: given.name ?? ANY_UNIT,
        scope: given.scope,
        systemdOnly: true,
        wanted: {
          state: given.state,
          enabled: given.enabled,
          masked: given.masked,
          daemonReload: given.daemon_reload || undefined,
          daemonReexec: given.daemon_reexec || undefined,
          noBlock: given.no_block || undefined,
        },
      },
      seen,
      context,
    );
    if (given.name !== undefined || !plan.result) return plan;
    const { result } = plan;
    return { ...plan, result: (outcomes) => ({ ...result(outcomes), name: null, status: {} }) };
  },
});
