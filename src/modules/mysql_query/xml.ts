import { numberOf } from '../sql/numbers.ts';

/** A row: column -> value. */
export type Row = Readonly<Record<string, unknown>>;

/** One answer of the client: its statement, and its rows when the kinds of the columns are told. */
interface ResultSet {
  readonly statement: string;
  read(kinds: ReadonlyMap<string, string>): Row[];
}

/** Reads what the client prints with `--xml`. */
export function readRows(output: string): ResultSet[] {
  return [...output.matchAll(/<resultset statement="([^"]*)"[^>]*>([\s\S]*?)<\/resultset>/g)].map(
    ([, statement, body]) => ({
      statement: decoded(statement!),
      read: (kinds) => [...body!.matchAll(/<row>([\s\S]*?)<\/row>/g)].map(([, row]) => readRow(row!, kinds)),
    }),
  );
}

function readRow(row: string, kinds: ReadonlyMap<string, string>): Row {
  const fields = row.matchAll(/<field name="([^"]*)"(?: xsi:nil="true")?(?: *\/>|>([\s\S]*?)<\/field>)/g);
  return Object.fromEntries(
    [...fields].map(([, name, text]) => {
      const column = decoded(name!);
      return [column, text === undefined ? null : typed(decoded(text), kinds.get(column) ?? '')];
    }),
  );
}

const NUMBERS = /^(?:TINY|SHORT|LONG|LONGLONG|INT24|YEAR|FLOAT|DOUBLE|DECIMAL|NEWDECIMAL)$/;

function typed(text: string, kind: string): unknown {
  if (NUMBERS.test(kind)) return numberOf(text);
  return /^(?:DATETIME|TIMESTAMP)$/.test(kind) ? text.replace(' ', 'T') : text;
}

function decoded(text: string): string {
  const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => names[name]!);
}

/** Reads what the client prints with `--table --column-type-info`: number of the statement -> column -> kind. */
export function readKinds(output: string): Map<number, Map<string, string>> {
  const all = new Map<number, Map<string, string>>();
  let columns: Map<string, string> | undefined;
  let name = '';
  for (const line of output.split('\n')) {
    const field = /^Field +\d+: +`(.*)`$/.exec(line)?.[1];
    const index = field === undefined ? undefined : /^cutover (\d+)$/.exec(field)?.[1];
    if (index !== undefined) {
      columns = new Map();
      all.set(Number(index), columns);
      name = '';
    } else if (field !== undefined) name = field;
    else if (name !== '') {
      const kind = /^Type: +(\w+)$/.exec(line)?.[1];
      if (kind !== undefined) columns?.set(name, kind);
    }
  }
  return all;
}
