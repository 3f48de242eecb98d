import type { z } from 'zod';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { boolean, choice, strings, withAliases } from '../params.ts';
import { lacking, refusalIn, unanswered } from '../postgresql_client/answers.ts';
import { runStatements } from '../postgresql_client/change.ts';
import { databaseOf, databaseParam } from '../postgresql_client/database.ts';
import { loginAliases, loginParams } from '../postgresql_client/login.ts';
import { settingProbe } from '../setting.ts';
import { defineModule, type Plan } from '../types.ts';
import { membersSetting, readMembers, rolesProbe, type Step, steps } from './members.ts';

const params = withAliases(
  {
    group: 'groups',
    source_role: 'groups',
    source_roles: 'groups',
    target_role: 'target_roles',
    users: 'target_roles',
    user: 'target_roles',
    login_db: 'db',
    ...loginAliases,
  },
  {
    groups: strings.describe('The roles that others shall be members of.'),
    target_roles: strings.describe('Those others.'),
    fail_on_role: boolean.default(true).describe('Fail when a role does not exist, else leave it out.'),
    state: choice('present', 'absent', 'exact')
      .default('present')
      .describe('Members, or not; `exact`: of these groups and of no other.'),
    db: databaseParam,
    ...loginParams,
  },
);

/** The parameters as the module gets them. */
export type Params = z.output<typeof params>;

/** Who is a member of which role. */
export default defineModule({
  name: 'postgresql_membership',
  summary: 'Makes roles of PostgreSQL members of others, or takes them out.',
  params,
  needs: (given) => [rolesProbe(given), settingProbe(membersSetting(given))],
  plan(given, seen, context): Plan {
    const roles = answer(seen, rolesProbe(given));
    const before = answer(seen, settingProbe(membersSetting(given)));
    if (isUnknown(roles)) return unknownPlan(roles);
    if (isUnknown(before)) return unknownPlan(before);
    const failed = [roles, before].find(({ rc }) => rc !== 0);
    if (failed !== undefined) return unanswered(failed, context.checkMode);
    const there = roles.stdout.split('\n');
    const missing = [...given.groups, ...given.target_roles].filter((role) => !there.includes(role));
    if (missing.length > 0 && given.fail_on_role)
      return lacking(`Role ${missing[0]} does not exist`, context.checkMode);
    const groups = given.groups.filter((role) => there.includes(role));
    const targets = given.target_roles.filter((role) => there.includes(role));
    const todo = steps(given.state, groups, targets, readMembers(before.stdout));
    const sql = todo.map((one) => one.sql);
    const change = runStatements(given, {
      database: databaseOf(given),
      sql: ['BEGIN', ...sql, 'COMMIT'],
      shown: sql,
      summary: `set the members of ${groups.join(', ')}`,
      undo: { setting: membersSetting(given), before },
    });
    return {
      changes: sql.length === 0 ? [] : [change],
      warnings: missing.map((role) => `Role ${role} does not exist, pass`),
      result: (outcomes) => ({
        state: given.state,
        groups,
        target_roles: targets,
        queries: sql,
        ...told(given, groups, todo),
        ...refusalIn(outcomes),
      }),
    };
  },
});

/** What was granted and revoked. Groups that stay as they are count only where no others go. */
function told({ state }: Params, groups: readonly string[], todo: readonly Step[]): Record<string, unknown> {
  const of = (kind: Step['kind'], always: readonly string[]) => {
    const names = [
      ...new Set([...always, ...todo.filter((one) => one.kind === kind).map(({ group }) => group)]),
    ];
    return Object.fromEntries(
      names.map((name) => [
        name,
        todo.filter((one) => one.kind === kind && one.group === name).map(({ member }) => member),
      ]),
    );
  };
  if (state === 'exact') return { granted: of('granted', []), revoked: of('revoked', []) };
  if (state === 'present') return { granted: of('granted', groups) };
  return { revoked: of('revoked', groups) };
}
