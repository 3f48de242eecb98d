import type { z } from 'zod';
import { isUnknown } from '../../values/index.ts';
import { unknownPlan } from '../answer.ts';
import { defineModule } from '../types.ts';
import { fieldFault } from './fields.ts';
import { cronParams } from './params.ts';
import { cronFile, planTable, seenTable, type Table, tableProbes } from './place.ts';
import { jobLine, namesIn, withEntry, withVariable } from './table.ts';

type Params = z.infer<typeof cronParams>;

/** Entries of crontabs, known by a comment above them. */
export default defineModule({
  name: 'cron',
  summary: 'Sets and removes jobs and variables of crontabs.',
  params: cronParams,
  needs: (given, seen) => tableProbes(fileOf(given), userOf(given), seen),
  plan(given, seen, context) {
    if (fileOf(given) === SYSTEM_TABLE) return { changes: [], failed: REFUSED };
    const table = seenTable(fileOf(given), userOf(given), seen);
    if (isUnknown(table)) return unknownPlan(table);
    if ('failed' in table) return { changes: [], failed: table.failed };
    const text = edited(given, table);
    if (text === undefined) {
      const neighbour = given.insertafter ?? given.insertbefore;
      return { changes: [], failed: `Variable named '${neighbour}' not found.` };
    }
    const fault = given.cron_file === undefined && !given.env ? fieldFault(given) : undefined;
    if (fault !== undefined && text !== table.text) return { changes: [], failed: fault };
    return planTable(table, text, given, namesIn(text), context);
  },
});

/** Its entries are the system's own: Ansible writes nothing there either. */
const SYSTEM_TABLE = '/etc/crontab';
const REFUSED = `Will not manage ${SYSTEM_TABLE} via cron_file, see documentation.`;

function edited(given: Params, table: Table): string | undefined {
  const gone = given.state === 'absent';
  if (given.env) {
    const line = gone ? undefined : `${given.name}="${given.job}"`;
    const beside = { after: given.insertafter, before: given.insertbefore };
    return withVariable(table.text, { name: given.name, line }, beside);
  }
  if (gone) return withEntry(table.text, { name: given.name, line: undefined });
  const line = jobLine({
    fields: [given.minute, given.hour, given.day, given.month, given.weekday],
    nickname: given.special_time,
    user: given.cron_file === undefined ? undefined : (given.user ?? 'root'),
    command: given.job!,
    disabled: given.disabled,
  });
  return withEntry(table.text, { name: given.name, line });
}

function fileOf(given: Params): string | undefined {
  return given.cron_file === undefined ? undefined : cronFile(given.cron_file);
}

function userOf(given: Params): string | undefined {
  return given.cron_file === undefined ? given.user : undefined;
}
