import { z } from 'zod';
import { commandOutput } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, factsPlan, unknownPlan } from '../answer.ts';
import { boolean, text } from '../params.ts';
import { defineModule } from '../types.ts';

const params = z.strictObject({
  database: text.describe('passwd, group, hosts, services ...'),
  key: text.optional().describe('The entry. Without it the whole database is read.'),
  split: text
    .optional()
    .describe('What separates the fields. Default: `:` for accounts, white space otherwise.'),
  fail_key: boolean.default(true).describe('Fail when there is no such entry.'),
  service: text.optional().describe('Ask only this source, as in nsswitch.conf.'),
});

/** Databases whose fields are separated by colons (getent(1), nsswitch.conf(5)). */
const WITH_COLONS = new Set(['passwd', 'shadow', 'group', 'gshadow']);

const FAILURES: Readonly<Record<number, string>> = {
  1: 'Missing arguments, or database unknown.',
  2: 'One or more supplied key could not be found in the database.',
  3: 'Enumeration not supported on this database.',
};

/** Gives what the name service switch of the target knows, as the fact `getent_DATABASE`. */
export default defineModule({
  name: 'getent',
  summary: 'Reads users, groups, hosts and the like of the target into facts.',
  params,
  needs: (given) => [probeOf(given)],
  plan(given, seen) {
    const said = answer(seen, probeOf(given));
    if (isUnknown(said)) return unknownPlan(said);
    const name = `getent_${given.database}`;
    let entries: Record<string, string[] | null>;
    if (said.rc === 2 && given.key !== undefined && !given.fail_key) entries = { [given.key]: null };
    else if (said.rc !== 0) {
      return {
        changes: [],
        failed: FAILURES[said.rc] ?? (said.stderr.trim() || `getent ended with exit code ${said.rc}`),
      };
    } else entries = read(said.stdout, given.split ?? (WITH_COLONS.has(given.database) ? ':' : undefined));
    return factsPlan({ [name]: entries }, said.rc === 2 ? { msg: FAILURES[2] } : {});
  },
});

function probeOf(given: z.infer<typeof params>): ReturnType<typeof commandOutput> {
  const service = given.service === undefined ? [] : ['-s', given.service];
  return commandOutput({
    argv: ['getent', ...service, given.database, ...(given.key === undefined ? [] : [given.key])],
  });
}

function read(output: string, separator: string | undefined): Record<string, string[]> {
  const entries: Record<string, string[]> = {};
  for (const line of output.split('\n')) {
    if (line.trim() === '') continue;
    const [name, ...fields] = separator === undefined ? line.trim().split(/\s+/) : line.split(separator);
    const key = name!;
    entries[key] = Object.hasOwn(entries, key) ? [...entries[key]!, ...fields] : fields;
  }
  return entries;
}
