import type { z } from 'zod';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { boolean, choice, strings, text, withAliases } from '../params.ts';
import { jsonProbe, lacking, readJson, refusalIn, unanswered } from '../postgresql_client/answers.ts';
import { runStatements } from '../postgresql_client/change.ts';
import { sqlName, sqlText } from '../postgresql_client/client.ts';
import { databaseOf, databaseParam } from '../postgresql_client/database.ts';
import { loginAliases, loginParams } from '../postgresql_client/login.ts';
import { settingProbe } from '../setting.ts';
import { defineModule, type Plan } from '../types.ts';
import { alteration, type Kind, ownerSetting } from './objects.ts';

const params = withAliases(
  { type: 'obj_type', login_db: 'db', ...loginAliases },
  {
    new_owner: text.describe('The role that shall own it.'),
    obj_name: text.optional().describe('The object, with its schema where it is not on the search path.'),
    obj_type: choice('database', 'function', 'matview', 'sequence', 'schema', 'table', 'tablespace', 'view')
      .optional()
      .describe('What it is.'),
    reassign_owned_by: strings
      .optional()
      .describe('Roles: all that they own in the database, and whole databases, goes to the new owner.'),
    fail_on_role: boolean
      .default(true)
      .describe('Fail when one of these roles does not exist, else leave it out.'),
    db: databaseParam,
    ...loginParams,
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  const names = given.obj_name !== undefined || given.obj_type !== undefined;
  if (given.reassign_owned_by !== undefined && names)
    fault('parameters are mutually exclusive: obj_name|reassign_owned_by');
  else if (given.reassign_owned_by === undefined && !(given.obj_name && given.obj_type))
    fault('needs obj_name with obj_type, or reassign_owned_by');
});

/** The parameters as the module gets them. */
type Params = z.output<typeof params>;

/** Owners of things in a database of PostgreSQL. */
export default defineModule({
  name: 'postgresql_owner',
  summary: 'Changes who owns an object of a PostgreSQL database, or all of a role.',
  params,
  needs: (given) => [
    rolesProbe(given),
    ...(given.reassign_owned_by === undefined ? [settingProbe(settingOf(given))] : []),
  ],
  plan(given, seen, context): Plan {
    const said = answer(seen, rolesProbe(given));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) return unanswered(said, context.checkMode);
    const roles = readJson<Readonly<Record<string, boolean>>>(said)!;
    const missing = (name: string) => !Object.hasOwn(roles, name);
    if (missing(given.new_owner))
      return lacking(`Role '${given.new_owner}' does not exist`, context.checkMode);
    const run = (sql: readonly string[], undo?: Parameters<typeof runStatements>[1]['undo']): Plan => ({
      changes:
        sql.length === 0
          ? []
          : [
              runStatements(given, {
                database: databaseOf(given),
                sql,
                summary: `make ${given.new_owner} the owner of ${given.obj_name ?? `what ${given.reassign_owned_by!.join(', ')} had`}`,
                ...(undo && { undo }),
              }),
            ],
      result: (outcomes) => ({ queries: sql, ...refusalIn(outcomes, `Cannot execute SQL '${sql[0]}': `) }),
    });
    if (given.reassign_owned_by === undefined) {
      const before = answer(seen, settingProbe(settingOf(given)));
      if (isUnknown(before)) return unknownPlan(before);
      if (before.rc !== 0) return unanswered(before, context.checkMode);
      const [kind, name] = objectOf(given);
      const sql = alteration(kind, name, given.new_owner);
      const owner = before.stdout.replace(/\n$/, '');
      if (owner === '')
        return lacking(`Cannot execute SQL '${sql}': ${kind} "${name}" does not exist`, context.checkMode);
      const after = `${given.new_owner}\n`;
      return run(owner === given.new_owner ? [] : [sql], { setting: settingOf(given), before, after });
    }
    const gone = given.reassign_owned_by.filter(missing);
    if (gone.length > 0 && given.fail_on_role)
      return lacking(`Role '${gone[0]}' does not exist`, context.checkMode);
    const owners = given.reassign_owned_by.filter((name) => roles[name]);
    const sql = `REASSIGN OWNED BY ${owners.map(sqlName).join(',')} TO ${sqlName(given.new_owner)}`;
    return {
      ...run(owners.length === 0 ? [] : [sql]),
      warnings: gone.map((role) => `Role '${role}' does not exist, pass`),
    };
  },
});

/** Asks which of the named roles there are: name -> whether they own something that could go to another. */
function rolesProbe(given: Params) {
  const names = [given.new_owner, ...(given.reassign_owned_by ?? [])].map(sqlText).join(', ');
  return jsonProbe(
    given,
    databaseOf(given),
    `SELECT coalesce(json_object_agg(rolname, EXISTS (SELECT FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid
  AND d.deptype = 'o' AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())))), '{}')
FROM pg_roles r WHERE rolname IN (${names})`,
  );
}

function objectOf(given: Params): [Kind, string] {
  return [given.obj_type!, given.obj_name!];
}

function settingOf(given: Params) {
  return ownerSetting(given, databaseOf(given), ...objectOf(given));
}
