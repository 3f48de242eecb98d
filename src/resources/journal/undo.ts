import { CutoverError } from '../../errors/index.ts';
import { complaint, stateFolder } from '../session.ts';
import { quote, unescapeField } from '../shell.ts';
import type { Session } from '../types.ts';

/** What became of one journal entry in an undo. `would-undo`: only looked. `not-run`: behind an entry that stopped the undo. */
export interface UndoOutcome {
  readonly seq: number;
  readonly key: string;
  readonly status:
    | 'undone'
    | 'would-undo'
    | 'already'
    | 'covered'
    | 'compensable'
    | 'irreversible'
    | 'drift'
    | 'failed';
  readonly message?: string;
  /** Of a drift: what was before the run, after it, and is now (pictures as in the journal). */
  readonly before?: string;
  readonly after?: string;
  readonly present?: string;
}

/** Which entries an undo is about, by number; and whether it only looks, or puts back in spite of differences. */
export interface UndoRequest {
  readonly from?: number;
  readonly to?: number;
  readonly only?: number;
  /** The lowest number that this rollback will take back in the end, by further calls: what lies in a folder that goes then is covered now. */
  readonly downTo?: number;
  readonly check: boolean;
  readonly force: boolean;
}

/**
 * Takes back a run's changes on one host, newest first, by the very undo.sh that a person would run. Entries behind a drift
 * or a failure are not in the answer. No journal gives an empty one. Throws CutoverError('command') when the script cannot run.
 */
export async function undoEntries(
  session: Session,
  run: string,
  request: UndoRequest,
): Promise<UndoOutcome[]> {
  const flags = [
    ...(request.from === undefined ? [] : ['--from', request.from]),
    ...(request.to === undefined ? [] : ['--to', request.to]),
    ...(request.only === undefined ? [] : ['--only', request.only]),
    ...(request.downTo === undefined ? [] : ['--down-to', request.downTo]),
    ...(request.check ? ['--check'] : []),
    ...(request.force ? ['--force'] : []),
  ].join(' ');
  const script = [
    stateFolder(session),
    `co_x=$co_state/runs/${quote(run)}`,
    'if [ ! -f "$co_x/journal" ]; then exit 0; fi',
    `sh "$co_x/undo.sh" ${flags}`,
  ].join('\n');
  const result = await session.lane.run({ script });
  const outcomes = parseUndo(result.stdout.toString());
  if ([0, 1, 3].includes(result.code) && (result.code === 0 || outcomes.length > 0)) return outcomes;
  throw new CutoverError('command', `undo.sh failed: ${complaint(result.stderr) ?? `code ${result.code}`}`, {
    host: session.connection.host,
  });
}

/** Reads what undo.sh printed. */
function parseUndo(text: string): UndoOutcome[] {
  const outcomes: UndoOutcome[] = [];
  for (const line of text.split('\n')) {
    const [, seq, status, key = '', message] =
      /^(\d+) (undone|would-undo|already|covered|compensable|irreversible|drift|failed) (\S+)(?: (.*))?$/.exec(
        line,
      ) ?? [];
    const [, name, picture] = /^ (before|after|now): +(.*)$/.exec(line) ?? [];
    const last = outcomes.at(-1);
    if (seq !== undefined)
      outcomes.push({
        seq: Number(seq),
        status: status as UndoOutcome['status'],
        key: unescapeField(key),
        ...(message !== undefined && { message }),
      });
    else if (last && name !== undefined)
      outcomes[outcomes.length - 1] = { ...last, [name === 'now' ? 'present' : name]: picture };
  }
  return outcomes;
}
