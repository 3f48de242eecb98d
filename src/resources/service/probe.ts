import type { Cursor } from '../cursor.ts';
import { quote } from '../shell.ts';
import type { ServiceScope, ServiceState } from '../states.ts';

/** Which service is asked for. */
export interface ServiceQuery {
  readonly name: string;
  readonly scope: ServiceScope;
}

/** Gives the shell lines that answer these questions. */
export function serviceProbeScript(queries: readonly ServiceQuery[]): string[] {
  return byScope(queries).map(
    ([scope, group]) => `co_ask_services ${scope} ${group.map(({ name }) => quote(name)).join(' ')}`,
  );
}

/** Reads the answers, in the order of the queries. */
export function readServices(cursor: Cursor, queries: readonly ServiceQuery[]): ServiceState[] {
  const states = new Map<ServiceQuery, ServiceState>();
  for (const [, group] of byScope(queries)) {
    const manager = cursor.line() as ServiceState['manager'];
    for (const query of group)
      states.set(query, manager === 'systemd' ? readUnit(cursor, query) : readScript(cursor, query, manager));
  }
  return queries.map((query) => states.get(query)!);
}

function byScope(queries: readonly ServiceQuery[]): [ServiceScope, ServiceQuery[]][] {
  const scopes: ServiceScope[] = ['system', 'user', 'global'];
  return scopes
    .map((scope): [ServiceScope, ServiceQuery[]] => [scope, queries.filter((query) => query.scope === scope)])
    .filter(([, group]) => group.length > 0);
}

function readUnit(cursor: Cursor, { name, scope }: ServiceQuery): ServiceState {
  const properties: Record<string, string> = {};
  for (const line of cursor.part().toString().split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) properties[line.slice(0, equals)] = line.slice(equals + 1);
  }
  const { LoadState = 'not-found', ActiveState = 'unknown', UnitFileState = '' } = properties;
  const masked = LoadState === 'masked';
  return {
    name,
    scope,
    manager: 'systemd',
    exists: LoadState !== 'not-found' && LoadState !== 'error',
    active: ActiveState,
    enabled: masked ? 'masked' : UnitFileState || 'disabled',
    needsReload: properties.NeedDaemonReload === 'yes',
    properties,
  };
}

function readScript(
  cursor: Cursor,
  { name, scope }: ServiceQuery,
  manager: ServiceState['manager'],
): ServiceState {
  const [there, active = 'unknown', enabled = 'unknown'] = cursor.line().split(' ');
  return {
    name,
    scope,
    manager,
    exists: there === 'there',
    active,
    enabled,
    needsReload: false,
    properties: {},
  };
}
