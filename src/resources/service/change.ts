import { serviceKey } from '../probes.ts';
import type { WantedService } from '../specs.ts';
import type { ServiceState } from '../states.ts';
import type { Change } from '../types.ts';

/** One act on a service. Several wishes become several changes, in the order in which they must happen. */
export interface ServiceDetail {
  readonly name: string;
  readonly scope: ServiceState['scope'];
  readonly manager: ServiceState['manager'];
  readonly act:
    | 'start'
    | 'stop'
    | 'restart'
    | 'reload'
    | 'enable'
    | 'disable'
    | 'mask'
    | 'unmask'
    | 'daemon-reload'
    | 'daemon-reexec';
  readonly noBlock: boolean;
  readonly sleep: number;
  /** Picture that must be found: `run,active` or `boot,enabled`; a start or stop that somebody else did meanwhile is stale. */
  readonly expect: string;
}

const RUNNING = new Set(['active', 'activating', 'reloading']);

/** Gives the acts that are needed: daemon-reload and reexec always, the others only when the state differs. */
export function setService(before: ServiceState, wanted: WantedService): Change[] {
  const changes: Change[] = [];
  let state = before;
  const act = (
    name: ServiceDetail['act'],
    after: Partial<ServiceState>,
    undo: Change['undo'] = 'invertible',
  ) => {
    changes.push(serviceChange(state, wanted, name, { ...state, ...after }, undo));
    state = { ...state, ...after };
  };
  if (wanted.daemonReload) act('daemon-reload', { needsReload: false });
  if (wanted.daemonReexec) act('daemon-reexec', {});
  const masked = state.enabled.startsWith('masked');
  if (wanted.masked === false && masked) act('unmask', { enabled: 'disabled' });
  if (wanted.enabled === true && !isEnabled(state)) act('enable', { enabled: 'enabled' });
  if (wanted.enabled === false && isEnabled(state)) act('disable', { enabled: 'disabled' });
  const running = RUNNING.has(state.active);
  if (wanted.state === 'started' && !running) act('start', { active: 'active' });
  if (wanted.state === 'stopped' && running) act('stop', { active: 'inactive' });
  if (wanted.state === 'restarted') act(running ? 'restart' : 'start', { active: 'active' });
  if (wanted.state === 'reloaded') act(running ? 'reload' : 'start', { active: 'active' });
  if (wanted.masked === true && !masked) act('mask', { enabled: 'masked' });
  return changes;
}

/** Whether a unit starts at boot as far as `enabled` can say; static and generated units count as they are. */
function isEnabled(state: ServiceState): boolean {
  return ['enabled', 'enabled-runtime', 'static', 'indirect', 'generated', 'alias', 'transient'].includes(
    state.enabled,
  );
}

function serviceChange(
  before: ServiceState,
  wanted: WantedService,
  act: ServiceDetail['act'],
  after: ServiceState,
  undo: Change['undo'],
): Change {
  const { name, scope, manager } = before;
  const key = serviceKey(name, scope);
  const global = act === 'daemon-reload' || act === 'daemon-reexec';
  const detail: ServiceDetail = {
    name,
    scope,
    manager,
    act,
    noBlock: wanted.noBlock ?? false,
    sleep: wanted.sleep ?? 0,
    expect: pictureFor(act, before),
  };
  const lines = (['active', 'enabled'] as const)
    .filter((field) => before[field] !== after[field])
    .map((field) => `${field}: ${before[field]} -> ${after[field]}`);
  return {
    resource: 'service',
    key,
    summary: global ? act : `${act} ${name}`,
    undo,
    diff: { prepared: lines.length > 0 ? lines.join('\n') : act },
    predicts: new Map([[key, after]]),
    detail,
  };
}

function pictureFor(act: ServiceDetail['act'], before: ServiceState): string {
  if (act === 'start' || act === 'stop') return `run,${RUNNING.has(before.active) ? 'active' : 'inactive'}`;
  // What `enabled` says in between differs (alias, indirect ...), and a restart is right whatever runs.
  return '*';
}
