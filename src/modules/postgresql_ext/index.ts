import type { z } from 'zod';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { boolean, choice, text, withAliases } from '../params.ts';
import { jsonProbe, lacking, readJson, refusalIn, unanswered } from '../postgresql_client/answers.ts';
import { runStatements } from '../postgresql_client/change.ts';
import { loggedIn, question, sqlName, sqlText } from '../postgresql_client/client.ts';
import { loginAliases, loginParams } from '../postgresql_client/login.ts';
import { type Setting, settingProbe } from '../setting.ts';
import { defineModule, type Plan } from '../types.ts';

const params = withAliases(
  { ext: 'name', login_db: 'db', ...loginAliases },
  {
    name: text.describe('Name of the extension.'),
    db: text.describe('Database that gets it.'),
    schema: text.optional().describe('Schema that a new one is put into.'),
    state: choice('present', 'absent').default('present').describe('Whether it shall be there.'),
    cascade: boolean
      .default(false)
      .describe('Also make the extensions that it needs, or drop those that need it.'),
    version: text
      .optional()
      .describe('Version that it shall have; `latest`: the newest that the server has files for.'),
    ...loginParams,
  },
);

type Params = z.output<typeof params>;

/** An extension, as the server knows it. */
interface Extension {
  /** Null where the database has it not. */
  readonly version: string | null;
  /** Null where the server has no files of it. */
  readonly newest: string | null;
  readonly versions: readonly string[];
  /** Versions that the present one can be brought to. */
  readonly reachable: readonly string[];
}

/** Extensions of a database of PostgreSQL. */
export default defineModule({
  name: 'postgresql_ext',
  summary: 'Adds extensions to a PostgreSQL database, updates and drops them.',
  params,
  needs: (given) => [extensionProbe(given), settingProbe(extensionSetting(given))],
  plan(given, seen, context): Plan {
    const said = answer(seen, extensionProbe(given));
    const before = answer(seen, settingProbe(extensionSetting(given)));
    if (isUnknown(said)) return unknownPlan(said);
    if (isUnknown(before)) return unknownPlan(before);
    const failed = [said, before].find(({ rc }) => rc !== 0);
    if (failed !== undefined) return unanswered(failed, context.checkMode);
    const extension = readJson<Extension>(said)!;
    const sql = wanted(given, extension);
    if ('fault' in sql) return lacking(sql.fault, context.checkMode);
    const isNew = extension.version === null && given.state === 'present';
    const change = runStatements(given, {
      database: given.db,
      sql: sql.statements,
      summary: `${given.state === 'absent' ? 'drop' : isNew ? 'add' : 'update'} the extension ${given.name} of ${given.db}`,
      ...(isNew && { undo: { setting: extensionSetting(given), before } }),
    });
    return {
      changes: sql.statements.length === 0 ? [] : [change],
      result: (outcomes) => ({
        db: given.db,
        ext: given.name,
        queries: sql.statements,
        ...refusalIn(outcomes, 'Management of PostgreSQL extension failed: '),
      }),
    };
  },
});

/** Gives the statements that are needed, or why they cannot do. */
function wanted(
  given: Params,
  now: Extension,
): { readonly statements: string[] } | { readonly fault: string } {
  const name = sqlName(given.name);
  const cascade = given.cascade ? ' CASCADE' : '';
  const { version } = given;
  if (given.state === 'absent')
    return { statements: now.version === null ? [] : [`DROP EXTENSION ${name}${cascade}`] };
  if (now.version === null) {
    if (now.newest === null) return { fault: `Extension ${given.name} is not available` };
    const chosen = version === 'latest' ? undefined : version;
    if (chosen !== undefined && !now.versions.includes(chosen))
      return { fault: `Passed version '${chosen}' is not available` };
    const schema = given.schema === undefined ? '' : ` WITH SCHEMA ${sqlName(given.schema)}`;
    const at = chosen === undefined ? '' : ` VERSION ${sqlText(chosen)}`;
    return { statements: [`CREATE EXTENSION ${name}${schema}${at}${cascade}`] };
  }
  const wish = version === 'latest' ? now.newest : version;
  if (wish === undefined || wish === now.version) return { statements: [] };
  const alter = `ALTER EXTENSION ${name} UPDATE`;
  if (version === 'latest') return { statements: [alter] };
  if (!now.reachable.includes(wish!))
    return {
      fault: `Passed version '${wish}' has no valid update path from the currently installed version '${now.version}' or the passed version is not available`,
    };
  return { statements: [`${alter} TO ${sqlText(wish!)}`] };
}

function extensionProbe(given: Params) {
  const name = sqlText(given.name);
  return jsonProbe(
    given,
    given.db,
    `SELECT json_build_object(
  'version', (SELECT extversion FROM pg_extension WHERE extname = ${name}),
  'newest', (SELECT default_version FROM pg_available_extensions WHERE name = ${name}),
  'versions', ARRAY(SELECT version FROM pg_available_extension_versions WHERE name = ${name}),
  'reachable', ARRAY(SELECT p.target FROM pg_extension e, pg_extension_update_paths(e.extname) p
    WHERE e.extname = ${name} AND p.source = e.extversion AND p.path IS NOT NULL))`,
  );
}

// $1 the extension, or empty for all. Standard input: those that were there. What depends on one that goes keeps it.
const BACK = `
was=$(cat)
printf '%s\\n' "SELECT format('DROP EXTENSION %s', string_agg(quote_ident(extname), ', ')) FROM pg_extension
  WHERE :'name' IN ('', extname) AND extname <> ALL (string_to_array(:'was', E'\\\\n')) HAVING count(*) > 0 \\\\gexec" | sql -v name="$1" -v was="$was"
`;

/** Which extensions there are: one that brings others is taken back with them. */
function extensionSetting(given: Params): Setting {
  const one = given.cascade ? '' : ` WHERE extname = ${sqlText(given.name)}`;
  return {
    key: `postgresql_ext:${given.db}:${given.cascade ? '*' : given.name}`,
    look: question(given, given.db, `SELECT extname FROM pg_extension${one} ORDER BY 1;`).argv!,
    back: loggedIn(given, given.db, BACK, [given.cascade ? '' : given.name]).argv!,
  };
}
