import { type ChangeOutcome, type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import { Unknown } from '../../values/index.ts';
import { unknownPlan } from '../answer.ts';
import { complaintOf, endedCommand } from '../command/result.ts';
import type { Plan } from '../types.ts';
import { question } from './client.ts';
import type { Login } from './login.ts';

/** Asks with a query that gives one value of JSON, or no row. No secret may be in it. */
export function jsonProbe(login: Login, database: string, query: string): Probe<CommandResult> {
  return commandOutput(question(login, database, `${query};`));
}

/** Reads the answer; undefined when there was no row. */
export function readJson<Value>({ stdout }: Pick<CommandResult, 'stdout'>): Value | undefined {
  return stdout.trim() === '' ? undefined : (JSON.parse(stdout) as Value);
}

/** What the server complained about, in its own words: details and hints are lines of it. */
export function sqlComplaint(said: Pick<CommandResult, 'rc' | 'stdout' | 'stderr'>): string {
  const refused = /^psql: error: ([\s\S]*)/m.exec(said.stderr)?.[1];
  if (refused !== undefined) return `unable to connect to database: ${refused}`;
  return /ERROR: {2}([\s\S]*)/.exec(said.stderr)?.[1] ?? complaintOf(said);
}

/**
 * The plan when the server did not answer. In a dry run a server, database or client that is not there may be the work of an
 * earlier task, so nobody knows.
 */
export function unanswered(said: CommandResult, checkMode: boolean): Plan {
  const complaint = sqlComplaint(said);
  const away = said.rc === 127 || (said.rc === 2 && !/authentication/.test(complaint));
  return checkMode && away
    ? unknownPlan(new Unknown(`the server could not be asked: ${complaint.trimEnd()}`))
    : { changes: [], failed: complaint };
}

/** The plan when something is not there that the task needs. In a dry run it may be the work of an earlier task. */
export function lacking(words: string, checkMode: boolean): Plan {
  return checkMode ? unknownPlan(new Unknown(words.trimEnd())) : { changes: [], failed: words };
}

/** Result keys of a change that the server refused; none when it did as told. */
export function refusalIn(outcomes: readonly ChangeOutcome[], start = ''): Record<string, unknown> {
  const ended = endedCommand(outcomes[0]);
  if (!ended || ended.rc === 0) return {};
  return { failed: true, changed: false, msg: `${start}${sqlComplaint(ended)}` };
}
