import type { z } from 'zod';
import { fileContent } from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { boolean, path, strings, text, withAliases } from '../params.ts';
import { defineModule, type Plan } from '../types.ts';
import { readRows } from './csv.ts';

const DELIMITERS: Readonly<Record<string, string>> = { excel: ',', 'excel-tab': '\t', unix: ',' };

const params = withAliases(
  { filename: 'path' },
  {
    path: path.describe('The file, on the target.'),
    key: text.optional().describe('The column whose values are the keys of a mapping. Without it: a list.'),
    unique: boolean.default(true).describe('A value of `key` may be there only once.'),
    fieldnames: strings.optional().describe('Names of the columns, when the file does not begin with them.'),
    dialect: text.default('excel').describe('`excel`, `excel-tab` or `unix`.'),
    delimiter: text
      .refine((given) => given.length === 1, 'must be one letter')
      .optional()
      .describe('What stands between values. Default: as the dialect has it.'),
    skipinitialspace: boolean.default(false).describe('Spaces behind the delimiter do not count.'),
    strict: boolean.default(false).describe('What is no good CSV is a failure.'),
  },
);

type Params = z.output<typeof params>;
type Row = Readonly<Record<string, unknown>>;

/** Files of values with commas between them. */
export default defineModule({
  name: 'read_csv',
  summary: 'Reads a CSV file of the target.',
  params,
  needs: (given) => [fileContent(given.path, { follow: true })],
  plan(given, seen, { checkMode }): Plan {
    if (!Object.hasOwn(DELIMITERS, given.dialect))
      return failing(`Dialect '${given.dialect}' is not supported by your version of python.`);
    const file = answer(seen, fileContent(given.path, { follow: true }));
    if (isUnknown(file)) return unknownPlan(file);
    if (file.bytes !== undefined) return told(given, file.bytes.toString('utf8'));
    const why = file.type === 'absent' ? '[Errno 2] No such file or directory' : 'it cannot be read';
    const failed = `Unable to open file: ${why}: '${given.path}'`;
    return checkMode ? unknownPlan(new Unknown(failed)) : failing(failed);
  },
});

const failing = (failed: string): Plan => ({ changes: [], failed });

function told(given: Params, content: string): Plan {
  const read = readRows(content.replace(/^\ufeff/, ''), {
    delimiter: given.delimiter ?? DELIMITERS[given.dialect]!,
    skipsSpace: given.skipinitialspace,
    strict: given.strict,
  });
  if (typeof read === 'string') return failing(`Unable to process file: ${read}`);
  const [names = [], ...rows] = given.fieldnames === undefined ? read : [given.fieldnames, ...read];
  const list = rows.map((row) => named(names, row));
  const { key } = given;
  if (key === undefined) return { changes: [], result: () => ({ list, dict: {} }) };
  if (!names.includes(key))
    return failing(`Key '${key}' was not found in the CSV header fields: ${names.join(', ')}`);
  const dict: Record<string, Row> = {};
  for (const row of list) {
    const value = String(row[key]);
    if (given.unique && Object.hasOwn(dict, value))
      return failing(`Key '${key}' is not unique for value '${value}'`);
    dict[value] = row;
  }
  return { changes: [], result: () => ({ list: [], dict }) };
}

/** Columns that a row has not are null; what it has too much is under `null`, as in Ansible. */
function named(names: readonly string[], row: readonly string[]): Row {
  const more = row.slice(names.length);
  return {
    ...Object.fromEntries(names.map((name, at) => [name, row[at] ?? null])),
    ...(more.length > 0 ? { null: more } : {}),
  };
}
