import type { z } from 'zod';
import { type CommandResult, commandOutput, type Probe, runCommand } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { complaintOf, endedCommand } from '../command/result.ts';
import { isOpen, loggedIn, sqlName, sqlText, statements, unanswered } from '../mysql_client/client.ts';
import { loginAliases, loginParams } from '../mysql_client/login.ts';
import { refusalOf } from '../mysql_query/session.ts';
import { choice, text, withAliases } from '../params.ts';
import { changeSetting, type Setting } from '../setting.ts';
import { defineModule, type Plan } from '../types.ts';

const params = withAliases(
  { ...loginAliases },
  {
    variable: text
      .refine((name) => /^[\w.]+$/.test(name), {
        error: (issue) => `invalid variable name "${String(issue.input)}"`,
      })
      .describe('The variable of the server.'),
    value: text.optional().describe('What it shall be. Without it, the present value is told.'),
    mode: choice('global', 'persist', 'persist_only')
      .default('global')
      .describe('Until the server ends, or also after that, or only after that (MySQL 8).'),
    ...loginParams,
  },
);

type Params = z.output<typeof params>;

/** Variables of a server of MySQL or MariaDB. */
export default defineModule({
  name: 'mysql_variables',
  summary: 'Sets a variable of a server of MySQL or MariaDB, or tells it.',
  params,
  needs: (given) => [valueProbe(given)],
  plan(given, seen, context): Plan {
    const said = answer(seen, valueProbe(given));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) return unanswered(said, context.checkMode);
    if (said.stdout === '') return { changes: [], failed: `Variable not available "${given.variable}"` };
    const present = said.stdout.replace(/\n$/, '');
    const { value } = given;
    if (value === undefined) return { changes: [], result: () => ({ msg: present }) };
    if (isSame(value, present))
      return { changes: [], result: () => ({ msg: 'Variable is already set to requested value.' }) };
    const name = given.variable.split('.').map(sqlName).join('.');
    const assignment = `SET ${given.mode.toUpperCase()} ${name} =`;
    const act = statements(given, [`${assignment} ${literal(value)}`]);
    const summary = `set the variable ${given.variable} to ${value}`;
    const change =
      isOpen(given) && given.mode === 'global'
        ? changeSetting(setting(given), { before: said, act, summary, after: `${value}\n` })
        : runCommand(act, { undo: 'irreversible', summary });
    return {
      changes: [{ ...change, diff: { before: `${present}\n`, after: `${value}\n` } }],
      result(outcomes) {
        const ended = endedCommand(outcomes[0]);
        const queries = [`${assignment} ${value}`];
        if (ended && ended.rc !== 0)
          return { failed: true, changed: false, msg: refusalOf(ended)?.words ?? complaintOf(ended) };
        return { msg: `Variable change succeeded prev_value=${present}`, queries };
      },
    };
  },
});

const LOOK = 'echo "$1" | sql | sed "s/^[^\t]*\t//"';
const BACK = `
value=$(cat)
printf '%s' "$value" | grep -Eq '^-?[0-9]+(\\.[0-9]+)?$' || value="'$(printf '%s' "$value" | sed "s/'/''/g")'"
echo "$1 $value;" | sql
`;

function looking(given: Params) {
  return loggedIn(given, LOOK, [`SHOW GLOBAL VARIABLES WHERE Variable_name = ${sqlText(given.variable)};`]);
}

function valueProbe(given: Params): Probe<CommandResult> {
  return commandOutput(looking(given));
}

function setting(given: Params): Setting {
  return {
    key: `mysql_variables:${given.variable.toLowerCase()}`,
    look: looking(given).argv!,
    back: loggedIn(given, BACK, [`SET GLOBAL ${sqlName(given.variable)} =`]).argv!,
  };
}

const NUMBER = /^-?\d+(?:\.\d+)?$/;

function isSame(value: string, present: string): boolean {
  return NUMBER.test(value) && NUMBER.test(present) ? Number(value) === Number(present) : value === present;
}

function literal(value: string): string {
  return NUMBER.test(value) ? value : sqlText(value);
}
