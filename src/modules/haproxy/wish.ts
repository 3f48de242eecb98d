import type { Params } from './params.ts';
import type { Server } from './socket.ts';

/** One thing to do with haproxy, in the order of the task. */
export type Step = { readonly kind: 'tell'; readonly line: string } | Await;

interface Await {
  readonly kind: 'await';
  readonly backend: string;
  readonly status: string;
  /** Only when it has no sessions any more. */
  readonly empty: boolean;
}

const WISHED = {
  enabled: { state: 'ready', status: 'UP' },
  disabled: { state: 'maint', status: 'MAINT' },
  drain: { state: 'drain', status: 'DRAIN' },
} as const;

/** The server as the task wants it. What nobody asked for, and checks that are not configured, stay. */
export function wishedServer(given: Params, server: Server): Server {
  const { state, status } = WISHED[given.state];
  const check = (asked: boolean, now: Server['health']) =>
    !asked || now === 'none' || given.state === 'drain' ? now : given.state === 'enabled' ? 'on' : 'off';
  const weight = wishedWeight(given, server);
  const wished: Server = {
    ...server,
    state,
    weight,
    effective: weight === server.weight ? server.effective : String(weight),
    health: check(given.health, server.health),
    agent: check(given.agent, server.agent),
    sessions: endsSessions(given) ? 0 : server.sessions,
  };
  if (server.state === state) return wished;
  return { ...wished, status: given.state === 'enabled' && wished.health === 'none' ? 'no check' : status };
}

/** haproxy drops what comes behind the point, and knows no weight above 256. */
function wishedWeight({ state, weight }: Params, server: Server): number {
  if (state !== 'enabled' || weight === undefined || weight === '') return server.weight;
  const number = Number.parseInt(weight, 10);
  return weight.endsWith('%') ? Math.min(256, Math.floor((server.initial * number) / 100)) : number;
}

function endsSessions(given: Params): boolean {
  return given.state === 'disabled' && given.shutdown_sessions && !given.drain;
}

/** Whether the server must be told something. */
export function differs(given: Params, server: Server): boolean {
  return !isAsTold(given, server) || wishedServer(given, server).sessions !== server.sessions;
}

/** Whether the server took what it was told. Its sessions may take a moment to end. */
export function isAsTold(given: Params, server: Server): boolean {
  const wished = wishedServer(given, server);
  return (['state', 'weight', 'health', 'agent'] as const).every((key) => wished[key] === server[key]);
}

/** What is told, and waited for. */
export function stepsFor(given: Params, server: Server): readonly Step[] {
  return [...(differs(given, server) ? tellings(given, server) : []), ...awaited(given, server)];
}

function tellings(given: Params, server: Server): readonly Step[] {
  const name = `${server.backend}/${given.host}`;
  const tell = (...parts: readonly string[]): Step => ({ kind: 'tell', line: parts.join('; ') });
  const drain = tell(`set server ${name} state drain`);
  if (given.state === 'drain') return [drain];
  const verb = given.state === 'enabled' ? 'enable' : 'disable';
  const checks = [
    ...(given.agent ? [`${verb} agent ${name}`] : []),
    ...(given.health ? [`${verb} health ${name}`] : []),
  ];
  const turn = `${verb} server ${name}`;
  if (given.state === 'enabled') {
    const weight = given.weight ? [`set weight ${name} ${given.weight}`] : [];
    return [tell(`get weight ${name}`, turn, ...weight, ...checks)];
  }
  const sessions = endsSessions(given) ? [`shutdown sessions server ${name}`] : [];
  const main = tell(`get weight ${name}`, ...checks, turn, ...sessions);
  if (!given.drain || server.state === 'maint') return [main];
  const drained: Step = { kind: 'await', backend: server.backend, status: 'DRAIN', empty: true };
  return [drain, ...(given.wait ? [drained] : []), main];
}

/** What is waited for when all is told. */
function awaited(given: Params, { backend }: Server): readonly Await[] {
  const empty = given.drain && given.state !== 'enabled';
  return given.wait ? [{ kind: 'await', backend, status: WISHED[given.state].status, empty }] : [];
}

/** Whether a server is as the task waits for it. */
export function isReached(given: Params, server: Server): boolean {
  return awaited(given, server).every(
    ({ status, empty }) =>
      (server.status === status || server.status.startsWith(`${status} (`)) &&
      (!empty || server.sessions === 0),
  );
}
