import type { z } from 'zod';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { boolean, choice, text, withAliases } from '../params.ts';
import { refusalIn, unanswered } from '../postgresql_client/answers.ts';
import { runStatements } from '../postgresql_client/change.ts';
import { loggedIn, question, sqlName, sqlText } from '../postgresql_client/client.ts';
import { loginAliases, loginParams } from '../postgresql_client/login.ts';
import { type Setting, settingProbe } from '../setting.ts';
import { defineModule, type Plan } from '../types.ts';

const params = withAliases(
  { schema: 'name', db: 'database', login_db: 'database', ...loginAliases },
  {
    name: text.describe('Name of the schema.'),
    database: text.default('postgres').describe('Database that it is in.'),
    owner: text.default('').describe('Role that owns it.'),
    state: choice('present', 'absent').default('present').describe('Whether it shall be there.'),
    cascade_drop: boolean.default(false).describe('Drop it with all that is in it.'),
    ...loginParams,
  },
);

type Params = z.output<typeof params>;

/** Schemas of a database of PostgreSQL. */
export default defineModule({
  name: 'postgresql_schema',
  summary: 'Makes and drops schemas of a PostgreSQL database, and says who owns them.',
  params,
  needs: (given) => [settingProbe(schemaSetting(given))],
  plan(given, seen, context): Plan {
    const setting = schemaSetting(given);
    const before = answer(seen, settingProbe(setting));
    if (isUnknown(before)) return unknownPlan(before);
    if (before.rc !== 0) return unanswered(before, context.checkMode);
    const sql = wanted(given, before.stdout.replace(/\n$/, ''));
    const after = given.state === 'absent' ? '' : given.owner === '' ? undefined : `${given.owner}\n`;
    const change = runStatements(given, {
      database: given.database,
      sql,
      summary: `${given.state === 'absent' ? 'drop' : 'set'} the schema ${given.name}`,
      // What was in it, and who could use it, is gone with it.
      ...(given.state === 'present' && {
        undo: { setting, before, ...(after === undefined ? {} : { after }) },
      }),
    });
    return {
      changes: sql.length === 0 ? [] : [change],
      result: (outcomes) => ({
        schema: given.name,
        queries: sql,
        ...refusalIn(outcomes, 'Database query failed: '),
      }),
    };
  },
});

/** Gives the statements that are needed. `owner`: of the schema now, empty when there is none. */
function wanted(given: Params, owner: string): string[] {
  const name = sqlName(given.name);
  if (given.state === 'absent')
    return owner === '' ? [] : [`DROP SCHEMA ${name}${given.cascade_drop ? ' CASCADE' : ''}`];
  const theirs = given.owner && sqlName(given.owner);
  if (owner === '') return [`CREATE SCHEMA ${name}${theirs && ` AUTHORIZATION ${theirs}`}`];
  return given.owner === '' || given.owner === owner ? [] : [`ALTER SCHEMA ${name} OWNER TO ${theirs}`];
}

// $1 the schema. Standard input: its owner, empty when there was none. One that holds something is not dropped.
const BACK = `
owner=
IFS= read -r owner || :
if [ -n "$owner" ]; then todo='ALTER SCHEMA %I OWNER TO %I'; else todo='DROP SCHEMA IF EXISTS %I'; fi
printf '%s\\n' "SELECT format(:'todo', :'name', :'owner') \\\\gexec" | sql -v todo="$todo" -v name="$1" -v owner="$owner"
`;

function schemaSetting(given: Params): Setting {
  const owner = `SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = ${sqlText(given.name)};`;
  return {
    key: `postgresql_schema:${given.database}:${given.name}`,
    look: question(given, given.database, owner).argv!,
    back: loggedIn(given, given.database, BACK, [given.name]).argv!,
  };
}
