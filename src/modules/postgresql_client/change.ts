import { type Change, type CommandResult, runCommand } from '../../resources/index.ts';
import { changeSetting, type Setting } from '../setting.ts';
import { isOpen, statements } from './client.ts';
import type { Login } from './login.ts';

/** Statements that a task wants run. */
interface Wish {
  readonly database: string;
  readonly sql: readonly string[];
  readonly summary: string;
  /** How it is taken back; undefined where nothing can. */
  readonly undo?: { readonly setting: Setting; readonly before: CommandResult; readonly after?: string };
  /** The statements as reports may show them; default: as they are. */
  readonly shown?: readonly string[];
}

/** Gives the change that runs statements. A login with a secret cannot be written into the host's journal: nothing takes it back. */
export function runStatements(login: Login, wish: Wish): Change {
  const { sql, summary, undo } = wish;
  const act = statements(login, wish.database, sql);
  const diff = { prepared: (wish.shown ?? sql).map((one) => `${one}\n`).join('') };
  if (undo === undefined || !isOpen(login))
    return { ...runCommand(act, { undo: 'irreversible', summary }), diff };
  const { setting, before, after } = undo;
  return changeSetting(setting, { before, act, summary, diff, ...(after === undefined ? {} : { after }) });
}
