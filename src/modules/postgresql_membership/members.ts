import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import { loggedIn, question, sqlName, sqlText } from '../postgresql_client/client.ts';
import { databaseOf } from '../postgresql_client/database.ts';
import type { Setting } from '../setting.ts';
import type { Params } from './index.ts';

/** A role that is a member of a group. */
export interface Member {
  readonly group: string;
  readonly member: string;
}

/** A statement, and what it does. */
export interface Step extends Member {
  readonly kind: 'granted' | 'revoked';
  readonly sql: string;
}

/** Asks for the names of all roles, a line each. */
export function rolesProbe(given: Params): Probe<CommandResult> {
  return commandOutput(question(given, databaseOf(given), 'SELECT rolname FROM pg_roles;'));
}

/** Reads what the setting shows. */
export function readMembers(shown: string): Member[] {
  return (JSON.parse(shown) as [string, string, boolean][]).map(([group, member]) => ({ group, member }));
}

/** Gives what is to be done. */
export function steps(
  state: Params['state'],
  groups: readonly string[],
  targets: readonly string[],
  now: readonly Member[],
): Step[] {
  const isMember = (group: string, member: string) =>
    now.some((one) => one.group === group && one.member === member);
  const grant = (group: string, member: string): Step[] =>
    isMember(group, member)
      ? []
      : [{ kind: 'granted', group, member, sql: `GRANT ${sqlName(group)} TO ${sqlName(member)}` }];
  const revoke = (group: string, member: string): Step[] =>
    isMember(group, member)
      ? [{ kind: 'revoked', group, member, sql: `REVOKE ${sqlName(group)} FROM ${sqlName(member)}` }]
      : [];
  if (state !== 'exact')
    return groups.flatMap((group) =>
      targets.flatMap((one) => (state === 'present' ? grant(group, one) : revoke(group, one))),
    );
  return targets.flatMap((target) => {
    const others = now.filter(({ group, member }) => member === target && !groups.includes(group));
    return [
      ...others.flatMap(({ group }) => revoke(group, target)),
      ...groups.flatMap((group) => grant(group, target)),
    ];
  });
}

// Standard input: the members as they were. $1 and $2: the groups and the roles that the task named, as JSON.
const BACK = `
was=$(cat)
sql -v was="$was" -v groups="$1" -v targets="$2" <<'SQL'
BEGIN;
SELECT format('REVOKE %I FROM %I', g.rolname, m.rolname)
FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
WHERE :'targets'::jsonb ? m.rolname AND (:'groups'::jsonb = '[]' OR :'groups'::jsonb ? g.rolname)
  AND NOT EXISTS (SELECT FROM json_array_elements(:'was'::json) w WHERE w ->> 0 = g.rolname AND w ->> 1 = m.rolname) \\gexec
SELECT format('GRANT %I TO %I', w ->> 0, w ->> 1) || CASE WHEN (w ->> 2)::bool THEN ' WITH ADMIN OPTION' ELSE '' END
FROM json_array_elements(:'was'::json) w \\gexec
COMMIT;
SQL
`;

/** Who of the named roles is in the named groups, or in any when just those shall count. */
export function membersSetting(given: Params): Setting {
  const groups = given.state === 'exact' ? [] : given.groups;
  const among = (names: readonly string[]) => `IN (${['NULL', ...names.map(sqlText)].join(', ')})`;
  const look = `SELECT coalesce(json_agg(json_build_array(g.rolname, m.rolname, a.admin_option) ORDER BY g.rolname, m.rolname), '[]')
FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
WHERE m.rolname ${among(given.target_roles)}${groups.length === 0 ? '' : ` AND g.rolname ${among(groups)}`};`;
  return {
    key: `postgresql_membership:${groups.join(',')}:${given.target_roles.join(',')}`,
    look: question(given, databaseOf(given), look).argv!,
    back: loggedIn(given, databaseOf(given), BACK, [
      JSON.stringify(groups),
      JSON.stringify(given.target_roles),
    ]).argv!,
  };
}
