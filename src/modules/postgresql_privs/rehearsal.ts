import { type CommandResult, commandOutput, type Observed, type Probe } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { question } from '../postgresql_client/client.ts';
import { grants, pictureOf, unknownRoles } from './grants.ts';
import type { Params } from './params.ts';

/** Stands between the two pictures of a rehearsal. */
export const THEN = '-- then';

/** Asks which of the roles do not exist. */
export function rolesProbe(given: Params): Probe<CommandResult> {
  return commandOutput(question(given, given.database, unknownRoles(given)));
}

/** Reads the answer. */
export function missingIn(said: CommandResult): string[] {
  return said.stdout.split('\n').filter((line) => line !== '');
}

/** The roles that there are; undefined before that is known. */
export function rolesOf(given: Params, seen: Observed): string[] | undefined {
  const said = seen.get(rolesProbe(given));
  if (said === undefined || isUnknown(said) || said.rc !== 0) return undefined;
  const missing = missingIn(said);
  if (missing.length > 0 && given.fail_on_role) return undefined;
  return given.roles.filter((role) => !missing.includes(role));
}

/** Asks what the privileges are, and what they would be. */
export function rehearsal(given: Params, roles: readonly string[]): Probe<CommandResult> {
  const picture = pictureOf(given);
  const sql = ['BEGIN;', picture, `\\echo '${THEN}'`, grants(given, roles), picture, 'ROLLBACK;'].join('\n');
  return commandOutput(question(given, given.database, sql));
}
