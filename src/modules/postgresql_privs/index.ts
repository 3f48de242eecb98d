import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { refusalIn, sqlComplaint, unanswered } from '../postgresql_client/answers.ts';
import { runStatements } from '../postgresql_client/change.ts';
import { defineModule, type Plan } from '../types.ts';
import { grants } from './grants.ts';
import { type Params, privsParams } from './params.ts';
import { missingIn, rehearsal, rolesOf, rolesProbe, THEN } from './rehearsal.ts';

/** Privileges of PostgreSQL. Only the server knows what a grant comes to: it does it in a transaction that is taken back. */
export default defineModule({
  name: 'postgresql_privs',
  summary: 'Grants and revokes privileges of PostgreSQL.',
  params: privsParams,
  needs(given, seen) {
    const roles = rolesOf(given, seen);
    return [rolesProbe(given), ...(roles && roles.length > 0 ? [rehearsal(given, roles)] : [])];
  },
  plan(given, seen, context): Plan {
    const known = answer(seen, rolesProbe(given));
    if (isUnknown(known)) return unknownPlan(known);
    if (known.rc !== 0) return unanswered(known, context.checkMode);
    const missing = missingIn(known);
    if (missing.length > 0 && given.fail_on_role)
      return { changes: [], failed: `Role '${missing[0]}' does not exist` };
    const warnings = missing.map((role) => `Role '${role}' does not exist, pass`);
    const roles = rolesOf(given, seen) ?? [];
    if (roles.length === 0) return { changes: [], warnings, result: () => ({ queries: [] }) };
    const said = answer(seen, rehearsal(given, roles));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) return { changes: [], failed: sqlComplaint(said) };
    const sql = grants(given, roles);
    const [before, after] = said.stdout.split(`${THEN}\n`);
    const summary = `${given.state === 'present' ? 'grant' : 'revoke'} ${what(given)}`;
    const change = runStatements(given, {
      database: given.database,
      sql: [sql.replace(/;$/, '')],
      summary,
      shown: [sql],
    });
    return {
      changes: before === after ? [] : [change],
      warnings,
      result: (outcomes) => ({ queries: [sql], ...refusalIn(outcomes) }),
    };
  },
});

function what(given: Params): string {
  const objects = (given.objs ?? [given.database]).join(', ');
  return given.type === 'group' ? objects : `${given.privs?.join(', ')} on ${given.type} ${objects}`;
}
