import { type Change, type Observed, runCommand } from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure } from '../command/result.ts';
import { isOpen, sqlText, statements, unanswered } from '../mysql_client/client.ts';
import { changeSetting } from '../setting.ts';
import { defineModule, type Plan } from '../types.ts';
import {
  type Account,
  accountName,
  accountProbe,
  accountSetting,
  hostsProbe,
  readAccount,
} from './account.ts';
import { identityOf, identityOfNew, requirement, requiresSo } from './identity.ts';
import { type Params, userParams } from './params.ts';
import {
  type Difference,
  differences,
  type Privileges,
  privilegeStatements,
  readPrivileges,
} from './privileges.ts';

/** Users of MySQL and MariaDB. */
export default defineModule({
  name: 'mysql_user',
  summary: 'Makes and removes users of MySQL and MariaDB, and sets their privileges.',
  params: userParams,
  needs(given, seen) {
    const hosts = hostsOf(given, seen);
    return [
      ...(asksHosts(given) ? [hostsProbe(given)] : []),
      ...(Array.isArray(hosts) ? hosts.map((host) => accountProbe(given, host)) : []),
    ];
  },
  plan(given, seen, context): Plan {
    if (asksHosts(given)) {
      const said = answer(seen, hostsProbe(given));
      if (!isUnknown(said) && said.rc !== 0) return unanswered(said, context.checkMode);
    }
    const hosts = hostsOf(given, seen);
    if (isUnknown(hosts)) return unknownPlan(hosts);
    const accounts = new Map<string, Account>();
    for (const host of hosts ?? []) {
      const said = answer(seen, accountProbe(given, host));
      if (isUnknown(said)) return unknownPlan(said);
      if (said.rc !== 0) return unanswered(said, context.checkMode);
      accounts.set(host, readAccount(said.stdout));
    }
    if (given.host_all && given.state === 'present' && accounts.size === 0)
      return { changes: [], failed: 'host_all parameter cannot be used when adding a user' };
    const meant = given.host_all ? [...accounts.keys()] : [given.host];
    const works = meant.map((host) => ({ host, ...workOf(given, host, accounts) }));
    const told = works.findLast(({ sql }) => sql.length > 0) ?? works[0];
    const idle = given.state === 'absent' ? "User doesn't exist" : 'User unchanged';
    return {
      changes: works.flatMap(({ host, sql }) => (sql.length === 0 ? [] : [change(given, host, sql, seen)])),
      result: (outcomes) => ({
        user: given.name,
        msg: told === undefined || told.sql.length === 0 ? idle : told.msg,
        password_changed: works.some(({ password }) => password),
        ...commandFailure(outcomes),
      }),
    };
  },
});

function asksHosts(given: Params): boolean {
  return given.host_all || given.update_password === 'on_new_username';
}

/** The hosts that are looked at; undefined before they are known. */
function hostsOf(given: Params, seen: Observed): string[] | Unknown | undefined {
  if (!asksHosts(given)) return [given.host];
  if (seen.get(hostsProbe(given)) === undefined) return undefined;
  const said = answer(seen, hostsProbe(given));
  if (isUnknown(said)) return said;
  const known = said.rc === 0 ? said.stdout.split('\n').filter((host) => host !== '') : [];
  return given.host_all ? known : [...new Set([given.host, ...known])];
}

/** What has to be said to the server about one user, and what the result says of it. */
interface Work {
  readonly sql: readonly string[];
  readonly msg: string;
  readonly password: boolean;
}

function workOf(given: Params, host: string, accounts: ReadonlyMap<string, Account>): Work {
  const account = accounts.get(host)!;
  const name = accountName(given.name, host);
  const exists = account.definition !== undefined;
  if (given.state === 'absent')
    return { sql: exists ? [`DROP USER ${name}`] : [], msg: 'User deleted', password: false };
  const read = given.priv === undefined ? undefined : readPrivileges(given.priv);
  const wanted = typeof read === 'string' ? undefined : read;
  const mode = given.append_privs ? 'append' : given.subtract_privs ? 'subtract' : 'exact';
  const open = wanted === undefined ? [] : differences(account.privileges, wanted, mode);
  const grants = open.flatMap((one) => privilegeStatements(one, name));
  const requires = requirement(given);
  const limits = limitsOf(given, account);
  if (!exists) {
    const kin = [...accounts.values()].filter((one) => one.definition !== undefined);
    const identity = identityOfNew(given, account.isMariaDb, kin);
    const create = `CREATE USER ${name}${identity}${requires === 'NONE' ? '' : ` REQUIRE ${requires}`}${limits}`;
    return { sql: [create, ...grants], msg: 'User added', password: true };
  }
  const identity = identityOf(given, account);
  const steps: (readonly [string, string[]])[] = [
    ['Password updated (new style)', identity === undefined ? [] : [`ALTER USER ${name}${identity}`]],
    [mode === 'append' ? 'New privileges granted' : privilegeMessage(open, account, wanted), grants],
    ['TLS requires updated', requiresSo(account, requires) ? [] : [`ALTER USER ${name} REQUIRE ${requires}`]],
    ['Resource limits updated', limits === '' ? [] : [`ALTER USER ${name}${limits}`]],
  ];
  const taken = steps.filter(([, sql]) => sql.length > 0);
  return {
    sql: taken.flatMap(([, sql]) => sql),
    msg: taken.at(-1)?.[0] ?? '',
    password: identity !== undefined,
  };
}

/** Ansible tells what differs of the last object that had privileges and keeps some. */
function privilegeMessage(
  open: readonly Difference[],
  { privileges }: Account,
  wanted: Privileges | undefined,
): string {
  const words = (list: readonly string[]) => `[${list.map((one) => `'${one}'`).join(', ')}]`;
  const last = open.findLast(({ object }) => privileges.has(object) && wanted?.has(object));
  return last
    ? `Privileges updated: granted ${words(last.grant)}, revoked ${words(last.revoke)}`
    : 'Privileges updated';
}

function limitsOf(given: Params, account: Account): string {
  const open = Object.entries(given.resource_limits ?? {})
    .map(([name, value]) => [name.toUpperCase(), String(value)] as const)
    .filter(([name, value]) => (account.limits.get(name) ?? '0') !== value);
  return open.length === 0
    ? ''
    : ` WITH ${open.map(([name, value]) => `${name} ${Number(value)}`).join(' ')}`;
}

function change(given: Params, host: string, sql: readonly string[], seen: Observed): Change {
  const session = [
    ...(given.force_context ? ['USE mysql'] : []),
    ...(given.sql_log_bin ? [] : ['SET SESSION sql_log_bin = 0']),
    ...Object.entries(given.session_vars ?? {}).map(
      ([name, value]) =>
        `SET SESSION ${name} = ${typeof value === 'number' ? value : sqlText(String(value))}`,
    ),
  ];
  const act = statements(given, [...session, ...sql]);
  const verb = given.state === 'absent' ? 'remove' : 'set';
  const summary = `${verb} the user ${given.name}@${host}`;
  const before = answer(seen, accountProbe(given, host));
  if (!isOpen(given) || isUnknown(before)) return runCommand(act, { undo: 'irreversible', summary });
  const shown = sql.map((one) => one.replace(/ IDENTIFIED .*/, ' IDENTIFIED ...'));
  return changeSetting(accountSetting(given, host), {
    before,
    act,
    summary,
    diff: { prepared: shown.map((one) => `${one}\n`).join('') },
    ...(given.state === 'absent' ? { after: `${before.stdout.split('\n')[0]}\n` } : {}),
  });
}
