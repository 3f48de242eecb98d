import {
  type Change,
  type CommandResult,
  fileState,
  type Observed,
  runCommand,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure } from '../command/result.ts';
import { isOpen, sqlName, statements, unanswered } from '../mysql_client/client.ts';
import { changeSetting, settingProbe } from '../setting.ts';
import { defineModule, type Plan } from '../types.ts';
import { creation, databaseSetting, databasesProbe } from './databases.ts';
import { dbParams, meansAll, type Params } from './params.ts';
import { dump, importing } from './transfer.ts';

/** Databases of MySQL and MariaDB, by the client program of the target. */
export default defineModule({
  name: 'mysql_db',
  summary: 'Makes, drops, dumps and imports databases of MySQL and MariaDB.',
  params: dbParams,
  needs: (given) => [
    databasesProbe(given),
    ...(given.state === 'import' ? [fileState(given.target!, { checksum: false, follow: true })] : []),
    ...(makes(given) && isOpen(given)
      ? given.name.map((name) => settingProbe(databaseSetting(given, name)))
      : []),
  ],
  plan(given, seen, context): Plan {
    const said = answer(seen, databasesProbe(given));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) return unanswered(said, context.checkMode);
    const there = new Set(said.stdout.split('\n'));
    const work = workOf(given, there, seen);
    if ('failed' in work) return { changes: [], failed: work.failed };
    return {
      changes: work.changes,
      result: (outcomes) => ({
        db: given.name.join(' '),
        db_list: given.name,
        ...(context.checkMode ? {} : { executed_commands: work.commands }),
        ...(given.state === 'dump' || given.state === 'import' ? { msg: '' } : {}),
        ...commandFailure(outcomes),
      }),
    };
  },
});

/** Whether missing databases are made. */
function makes(given: Params): boolean {
  return given.state === 'present' || (given.state === 'import' && !meansAll(given));
}

interface Work {
  readonly changes: Change[];
  /** What the result says was run. */
  readonly commands: readonly string[];
}

function workOf(given: Params, there: ReadonlySet<string>, seen: Observed): Work | { failed: string } {
  const missing = given.name.filter((name) => !there.has(name));
  switch (given.state) {
    case 'present':
      return both(missing.map((name) => made(given, name, seen)));
    case 'absent':
      return both(given.name.filter((name) => there.has(name)).map((name) => dropped(given, name)));
    case 'dump':
      if (!meansAll(given) && missing.length > 0)
        return {
          failed: `Cannot dump database(s) ${missing.map((one) => `'${one}'`).join(', ')} - not found`,
        };
      return { changes: [transferred(given)], commands: [dump(given).shown] };
    default: {
      const file = answer(seen, fileState(given.target!, { checksum: false, follow: true }));
      if (!isUnknown(file) && file.type === 'absent')
        return { failed: `target ${given.target} does not exist on the host` };
      const first = both(meansAll(given) ? [] : missing.map((name) => made(given, name, seen)));
      return {
        changes: [...first.changes, transferred(given)],
        commands: [...first.commands, importing(given).shown],
      };
    }
  }
}

function both(parts: readonly { readonly change: Change; readonly command: string }[]): Work {
  return { changes: parts.map(({ change }) => change), commands: parts.map(({ command }) => command) };
}

function made(given: Params, name: string, seen: Observed) {
  const command = creation(name, given);
  const act = statements(given, [command]);
  const summary = `make the database ${name}`;
  const before: CommandResult | Unknown | undefined = isOpen(given)
    ? answer(seen, settingProbe(databaseSetting(given, name)))
    : undefined;
  const change =
    before === undefined || isUnknown(before) || before.rc !== 0
      ? runCommand(act, { undo: 'irreversible', summary })
      : changeSetting(databaseSetting(given, name), {
          before,
          act,
          summary,
          after: 'present\n',
          diff: { prepared: command },
        });
  return { change, command };
}

function dropped(given: Params, name: string) {
  const command = `DROP DATABASE ${sqlName(name)}`;
  const summary = `drop the database ${name}`;
  return { change: runCommand(statements(given, [command]), { undo: 'irreversible', summary }), command };
}

function transferred(given: Params): Change {
  const { spec } = given.state === 'dump' ? dump(given) : importing(given);
  const verb = given.state === 'dump' ? 'dump' : 'import';
  const summary = `${verb} ${given.name.join(', ')} ${verb === 'dump' ? 'to' : 'from'} ${given.target}`;
  return runCommand(spec, { undo: 'irreversible', summary });
}
