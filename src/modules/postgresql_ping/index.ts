import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { withAliases } from '../params.ts';
import { sqlComplaint, unanswered } from '../postgresql_client/answers.ts';
import { question } from '../postgresql_client/client.ts';
import { databaseOf, databaseParam } from '../postgresql_client/database.ts';
import { type Login, loginAliases, loginParams } from '../postgresql_client/login.ts';
import { readVersion } from '../postgresql_client/version.ts';
import { defineModule, type Plan } from '../types.ts';

const params = withAliases({ login_db: 'db', ...loginAliases }, { db: databaseParam, ...loginParams });

/** Whether a server answers. That it does not is an answer, too. */
export default defineModule({
  name: 'postgresql_ping',
  summary: 'Tells whether a server of PostgreSQL answers, and its version.',
  params,
  needs: (given) => [versionProbe(given)],
  plan(given, seen, context): Plan {
    const said = answer(seen, versionProbe(given));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc === 0) {
      const server_version = readVersion(said.stdout.trimEnd());
      return { changes: [], result: () => ({ is_available: true, server_version, conn_err_msg: '' }) };
    }
    const refused = /^unable to connect to database: ([\s\S]*)/.exec(sqlComplaint(said))?.[1];
    if (refused === undefined) return unanswered(said, context.checkMode);
    return {
      changes: [],
      warnings: [`PostgreSQL server is unavailable: ${refused}`],
      result: () => ({ is_available: false, server_version: {}, conn_err_msg: refused }),
    };
  },
});

function versionProbe(given: Login): Probe<CommandResult> {
  return { ...commandOutput(question(given, databaseOf(given), 'SELECT version();')), volatile: true };
}
