import {
  type Observed,
  type ServiceScope,
  serviceState,
  setService,
  type WantedService,
} from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import type { Plan, PlanContext } from '../types.ts';

/** What any of the service modules wants of one service. */
export interface ServiceWish {
  readonly name: string;
  readonly scope: ServiceScope;
  readonly wanted: WantedService;
  /** No other service manager will do. */
  readonly systemdOnly?: boolean;
}

/** Plans the state of a service. Reloading the manager alone does not count as a change, as in Ansible. */
export function planService(wish: ServiceWish, seen: Observed, context: PlanContext): Plan {
  const { name, wanted } = wish;
  const before = answer(seen, serviceState(name, wish.scope));
  if (isUnknown(before)) return unknownPlan(before, { name });
  if (wish.systemdOnly && before.manager !== 'systemd') {
    const failed = 'the target was not started with systemd';
    return { changes: [], failed, result: () => ({ name }) };
  }
  const wantsService = wanted.state !== undefined || wanted.enabled !== undefined;
  // With daemon_reload a unit file that is not loaded yet is about to be.
  if (!before.exists && wantsService && !wanted.daemonReload) {
    // A task before this one may install it: a dry run cannot tell.
    if (context.checkMode) return unknownPlan(new Unknown(`there is no service ${name} yet`), { name });
    return { changes: [], failed: `Could not find the requested service ${name}: host` };
  }
  const { daemonReload, daemonReexec, ...ofService } = wanted;
  return {
    changes: setService(before, wanted),
    changed: setService(before, ofService).length > 0,
    result: (outcomes) => ({
      name,
      ...(wanted.enabled === undefined ? {} : { enabled: wanted.enabled }),
      ...(wanted.state === undefined ? {} : { state: wanted.state === 'stopped' ? 'stopped' : 'started' }),
      ...(before.manager === 'systemd' ? { status: before.properties } : {}),
      ...failedChange(outcomes),
    }),
  };
}

function failedChange(outcomes: Parameters<NonNullable<Plan['result']>>[0]): Record<string, unknown> {
  const failed = outcomes.find((outcome) => outcome.status === 'failed');
  return failed?.message === undefined ? {} : { failed: true, msg: failed.message };
}
