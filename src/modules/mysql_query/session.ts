import type { CommandResult, CommandSpec } from '../../resources/index.ts';
import { pythonText } from '../../template/index.ts';
import { loggedIn } from '../mysql_client/client.ts';
import type { Params } from './params.ts';
import { type Row, readKinds, readRows } from './xml.ts';

// Standard input: the statements, a line with the mark, and the questions for the kinds of columns. The second session may fail.
const RUN = `
mark=$1
shift
cat >"$folder/all"
sed "/^$mark\\$/,\\$d" "$folder/all" >"$folder/work"
sed "1,/^$mark\\$/d" "$folder/all" >"$folder/kinds"
talk() { tool "$client" --comments --default-character-set=utf8mb4 "$@"; }
talk --xml "$@" <"$folder/work" || exit
echo "$mark"
talk --force --table --column-type-info "$@" <"$folder/kinds" 2>/dev/null || :
`;
const MARK = '-- cutover: kinds of the columns';
/** Ends a statement instead of a semicolon, which may stand in the body of a procedure. */
const END = '-//cutover//-';

/** What became of one statement. */
export interface Answer {
  readonly rows: readonly Row[];
  /** Rows that it gave, or changed. */
  readonly count: number;
}

/** Gives the command that runs the statements in one session and shows what they gave. */
export function session(
  given: Params,
  sql: readonly string[],
  wish: { readonly reads: boolean },
): CommandSpec {
  const start = wish.reads ? ['SET SESSION TRANSACTION READ ONLY'] : [];
  const work = [
    ...start,
    ...(given.single_transaction ? ['START TRANSACTION'] : []),
    ...sql.flatMap((one, index) => [bare(one), `SELECT ROW_COUNT() AS \`cutover ${index}\``]),
    ...(given.single_transaction ? ['COMMIT'] : []),
  ];
  const kinds = sql.flatMap((one, index) => [
    `SELECT 1 AS \`cutover ${index}\``,
    ...(/^\s*use\s/i.test(one) ? [bare(one)] : questionOf(one)),
  ]);
  const written = (all: readonly string[]) => all.map((one) => `${one}\n${END}\n`).join('');
  const text = `DELIMITER ${END}\n${written(work)}${MARK}\nDELIMITER ${END}\n${written(kinds)}`;
  const words = given.login_db === undefined ? [MARK] : [MARK, '-D', given.login_db];
  return loggedIn(given, RUN, words, text);
}

const READING = new Set(['select', 'show', 'describe', 'desc', 'explain', 'with']);

/** Nothing is changed by such a statement, but for what functions do. */
export function isReading(sql: string): boolean {
  const start = /^(?:\s|\(|--.*\n|#.*\n|\/\*(?![!M])[\s\S]*?\*\/)*(\w+)/.exec(sql)?.[1]?.toLowerCase() ?? '';
  return READING.has(start) && !/\b(?:into|analyze|for\s+update)\b/i.test(sql);
}

/** What shows the kinds of a statement's columns without doing it. */
function questionOf(sql: string): string[] {
  if (!isReading(sql)) return [];
  if (/^\s*(?:show|desc|explain)/i.test(sql)) return [bare(sql)];
  const query = `(${bare(sql)}\n)`;
  return [/^\s*with/i.test(sql) ? `SELECT * FROM ${query} AS asked LIMIT 0` : `${query} LIMIT 0`];
}

function bare(sql: string): string {
  return sql.replace(/[;\s]+$/, '');
}

/** Reads what the session printed: one answer for each statement that was done. */
export function readAnswers(output: string): Answer[] {
  const [shown = '', kinds = ''] = output.split(`${MARK}\n`);
  const columns = readKinds(kinds);
  const answers: Answer[] = [];
  let rows: readonly Row[] | undefined;
  for (const { statement, read } of readRows(shown)) {
    const done = /^SELECT ROW_COUNT\(\) AS `cutover (\d+)`/.exec(statement)?.[1];
    if (done === undefined) {
      rows ??= read(columns.get(answers.length) ?? new Map());
      continue;
    }
    const count = Number(Object.values(read(new Map())[0] ?? {})[0] ?? 0);
    answers.push({ rows: rows ?? [], count: rows?.length ?? Math.max(0, count) });
    rows = undefined;
  }
  return answers;
}

/** What the server refused, in the words that Python's library has for it; undefined when it could not even be asked. */
export function refusalOf(said: Pick<CommandResult, 'stderr'>): { code: number; words: string } | undefined {
  const [, code, message] =
    /^ERROR (\d+) \(\w+\) at line \d+(?: in file: .*?)?: ([\s\S]*)/m.exec(said.stderr) ?? [];
  if (code === undefined) return undefined;
  return { code: Number(code), words: `(${code}, ${pythonText([message!.trim()]).slice(1, -1)})` };
}
