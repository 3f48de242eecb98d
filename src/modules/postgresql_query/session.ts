import type { CommandResult, CommandSpec } from '../../resources/index.ts';
import { loggedIn, roleOf, sqlName } from '../postgresql_client/client.ts';
import type { Params } from './params.ts';
import { firstWord } from './statements.ts';
import { valueOfType } from './values.ts';

/** How the session ends; `reading`: nothing may be changed in it. */
export type Ending = 'keep' | 'rehearse' | 'reading';

/** What became of one statement. */
export interface Answer {
  /** Undefined when the statement has no columns. */
  readonly rows: readonly Readonly<Record<string, unknown>>[] | undefined;
  /** Rows that it gave, or changed. */
  readonly count: number;
  /** As the server says it: `INSERT 0 1`. */
  readonly status: string;
}

const MARK = '-- cutover';
const NULL = '<cutover: null>';
const FIELD = '\x1f';
const RECORD = '\x1e';
const RUN = `
psql -X -A -w -v ON_ERROR_STOP=1 -v VERBOSITY=verbose -P footer=off -P null='${NULL}' -F "$(printf '\\037')" -R "$(printf '\\036')" -d "$info"
`;
// What psql fills in by itself where a statement says :NAME.
const OWN_VARIABLES = ['DBNAME', 'USER', 'HOST', 'PORT', 'ENCODING', 'VERSION', 'SERVER_VERSION_NUM'];

/** Gives the command that runs statements in one session and shows what they gave. They travel as its standard input. */
export function session(given: Params, statements: readonly string[], ending: Ending): CommandSpec {
  const { search_path: schemas } = given;
  const lines = [
    ...OWN_VARIABLES.map((name) => `\\unset ${name}`),
    '\\encoding UTF8',
    'SET datestyle = ISO;',
    ...roleOf(given).map((one) => `${one};`),
    ...(schemas === undefined ? [] : [`SET search_path TO ${schemas.map(sqlName).join(', ')};`]),
    ...(given.autocommit ? [] : [ending === 'reading' ? 'BEGIN READ ONLY;' : 'BEGIN;']),
    ...statements.flatMap((one) => [`\\echo '${MARK}'`, one, '\\gdesc', `\\echo '${MARK}'`, '\\g']),
    `\\echo '${MARK}'`,
    ...(given.autocommit ? [] : [ending === 'rehearse' ? 'ROLLBACK;' : 'COMMIT;']),
  ];
  return loggedIn(given, given.db ?? given.login_user, RUN, [], `${lines.join('\n')}\n`);
}

/** Reads what the session printed: one answer for each statement that was done. */
export function readAnswers(output: string, statements: readonly string[]): Answer[] {
  const [, ...parts] = output.split(`${MARK}\n`);
  return statements
    .slice(0, Math.max(0, Math.floor((parts.length - 1) / 2)))
    .map((one, index) => readAnswer(parts[2 * index]!, parts[2 * index + 1]!, one));
}

/** `described`: what psql says of the columns. */
function readAnswer(described: string, shown: string, statement: string): Answer {
  if (!described.includes(FIELD)) {
    const status = shown.trim();
    return { rows: undefined, count: countOf(status), status };
  }
  const kinds = recordsOf(described)
    .slice(1)
    .map(([name, type]) => [name!, type!] as const);
  const [, table = shown, tag] = /^([\s\S]*\n)((?:INSERT \d+|UPDATE|DELETE|MERGE) \d+)\n$/.exec(shown) ?? [];
  const rows = recordsOf(table)
    .slice(1)
    .map((values) =>
      Object.fromEntries(
        kinds.map(([name, type], at) => {
          const value = values[at] ?? '';
          return [name, value === NULL ? null : valueOfType(value, type)];
        }),
      ),
    );
  return { rows, count: rows.length, status: tag ?? statusOf(statement, rows.length) };
}

function recordsOf(table: string): string[][] {
  return table
    .replace(/\n$/, '')
    .split(RECORD)
    .map((record) => record.split(FIELD));
}

function countOf(status: string): number {
  return Number(/^(?:INSERT \d+|UPDATE|DELETE|MERGE|SELECT|COPY|MOVE) (\d+)$/.exec(status)?.[1] ?? 0);
}

function statusOf(statement: string, rows: number): string {
  const word = firstWord(statement);
  return ['select', 'with', 'values', 'table'].includes(word) ? `SELECT ${rows}` : word.toUpperCase();
}

/** What the server refused: its code, and its words. Undefined when it could not even be asked. */
export function refusalOf({
  stderr,
}: Pick<CommandResult, 'stderr'>): { code: string; words: string } | undefined {
  const [, code, words] =
    /ERROR: {2}([0-9A-Z]{5}): ([\s\S]*?)(?:^LOCATION: |$(?![\s\S]))/m.exec(stderr) ?? [];
  return code === undefined ? undefined : { code, words: words! };
}
