import type { z } from 'zod';
import { isUnknown } from '../../values/index.ts';
import { unknownPlan } from '../answer.ts';
import { tableParams } from '../cron/params.ts';
import { cronFile, planTable, seenTable, tableProbes } from '../cron/place.ts';
import { namesIn, withVariable } from '../cron/table.ts';
import { choice, text, withAliases } from '../params.ts';
import { defineModule } from '../types.ts';

const params = withAliases(
  {},
  {
    name: text
      .refine((name) => /^[^\n=]+$/.test(name), 'must be a word without = and line breaks')
      .describe('Name of the variable.'),
    value: text
      .refine((value) => !value.includes('\n'), 'must be on one line')
      .optional()
      .describe('Its value, as it stands behind the =.'),
    state: choice('present', 'absent').default('present').describe('Whether there shall be such a variable.'),
    ...tableParams,
    insertafter: text.optional().describe('Put a new one after this variable.'),
    insertbefore: text.optional().describe('Put a new one before this variable.'),
  },
)
  .refine((given) => given.state === 'absent' || given.value !== undefined, {
    message: 'needs the parameter "value"',
  })
  .refine((given) => given.insertafter === undefined || given.insertbefore === undefined, {
    message: 'takes insertafter or insertbefore, not both',
  });

type Params = z.infer<typeof params>;

/** Variables of crontabs, written as they are given: cron(8) takes quotes off itself. */
export default defineModule({
  name: 'cronvar',
  summary: 'Sets and removes variables of crontabs.',
  params,
  needs: (given, seen) => tableProbes(...whose(given), seen),
  plan(given, seen, context) {
    const table = seenTable(...whose(given), seen);
    if (isUnknown(table)) return unknownPlan(table);
    if ('failed' in table) return { changes: [], failed: table.failed };
    const after = edited(table.text, given);
    if (after === undefined) {
      const neighbour = given.insertafter ?? given.insertbefore;
      return { changes: [], failed: `Variable named '${neighbour}' not found.` };
    }
    return planTable(table, after, given, { vars: namesIn(after).envs }, context);
  },
});

/** The file of the table, or its user. */
function whose({ cron_file: file, user }: Params): [string | undefined, string | undefined] {
  return file === undefined ? [undefined, user] : [cronFile(file), undefined];
}

/** The last line of a name is the one that counts, so all of them are set, or go. */
function edited(table: string, given: Params): string | undefined {
  const { name, value, insertafter: after, insertbefore: before } = given;
  const line = given.state === 'absent' ? undefined : `${name}=${value}`;
  const first = withVariable(table, { name, line }, { after, before });
  if (first === undefined) return undefined;
  const isNamed = (one: string) => one.includes('=') && one.slice(0, one.indexOf('=')).trim() === name;
  return first
    .split('\n')
    .flatMap((one) => (isNamed(one) ? (line ?? []) : one))
    .join('\n');
}
