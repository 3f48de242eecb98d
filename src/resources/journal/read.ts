import { createHash } from 'node:crypto';
import { runScript, stateFolder } from '../session.ts';
import { quote, unescapeField } from '../shell.ts';
import type { Session, UndoKind } from '../types.ts';

/** One change as the journal on the host tells it. */
export interface JournalEntry {
  readonly seq: number;
  readonly resource: string;
  readonly key: string;
  readonly undo: UndoKind;
  /** Picture of what was there before (see describeFile and its like). */
  readonly before: string;
  /** Picture of what was there afterwards; undefined when the change did not come to its end. */
  readonly after: string | undefined;
  /** `open`: begun, and nobody knows; `failed`: nothing was changed; `undone`: taken back. */
  readonly state: 'done' | 'open' | 'failed' | 'undone';
  /** Epoch seconds on the host's clock. */
  readonly at: number;
}

/** Reads a run's journal on the host, oldest entry first. Lines that are torn or damaged are left out; no journal gives no entries. */
export async function readJournal(session: Session, run: string): Promise<JournalEntry[]> {
  const { stdout } = await runScript(session, [
    stateFolder(session),
    `co_x=$co_state/runs/${quote(run)}/journal`,
    'if [ -f "$co_x" ]; then cat "$co_x"; fi',
  ]);
  return parseJournal(stdout.toString('latin1'));
}

/** Reads the text of a journal. */
function parseJournal(text: string): JournalEntry[] {
  const entries = new Map<number, JournalEntry>();
  for (const line of text.split('\n').slice(0, -1)) {
    const words = checkedWords(line);
    const seq = Number(words?.[1]);
    if (!words || !Number.isInteger(seq)) continue;
    const known = entries.get(seq);
    if (words[0] === 'B') entries.set(seq, begun(seq, words));
    else if (known && words[0] === 'C') entries.set(seq, { ...known, state: 'done', after: words[3] });
    else if (known && words[0] === 'F') entries.set(seq, { ...known, state: 'failed' });
    else if (known && words[0] === 'V') entries.set(seq, { ...known, state: 'undone' });
  }
  return [...entries.values()];
}

function begun(seq: number, words: readonly string[]): JournalEntry {
  const [, , at = '0', resource = '', undo = 'restorable', , key = '', , before = ''] = words;
  return {
    seq,
    resource,
    key: unescapeField(key),
    undo: undo as UndoKind,
    before,
    after: undefined,
    state: 'open',
    at: Number(at),
  };
}

/** Gives the words behind checksum and length, or undefined when those do not fit. */
function checkedWords(line: string): string[] | undefined {
  const [, sum, length, words] = /^([0-9a-f]{16}) (\d+) (.*)$/.exec(line) ?? [];
  if (words === undefined || words.length !== Number(length)) return undefined;
  const hash = createHash('sha256').update(words, 'latin1').digest('hex');
  return hash.startsWith(sum!) ? words.split(' ') : undefined;
}
