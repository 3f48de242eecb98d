import { readCommand } from './command/script.ts';
import { Cursor } from './cursor.ts';
import { fileComplaint } from './file/complaint.ts';
import type { FileDetail } from './file/detail.ts';
import { unescapeField } from './shell.ts';
import type { FileState } from './states.ts';
import type { Change, ChangeOutcome } from './types.ts';

/** One change with the number that its journal entry has. */
export interface Numbered {
  readonly change: Change;
  readonly seq: number;
}

/** Reads what a change frame printed: `@ SEQ STATUS ...` per change. Those that did not speak were not run. `complaint` is what stderr said. */
export function readOutcomes(
  group: readonly Numbered[],
  output: Buffer,
  complaint: string | undefined,
): ChangeOutcome[] {
  const spoken = readStatusLines(group, output, complaint);
  return group.map(({ change, seq }, index): ChangeOutcome => {
    const said = spoken.get(seq);
    if (said) return { change, ...said };
    if (spoken.size === 0 && index === 0)
      return complaint === undefined
        ? // Ended from outside, in the middle of it.
          { change, seq, status: 'unknown', kind: 'command', message: 'the host did not answer' }
        : { change, seq, status: 'failed', message: complaint };
    return { change, status: 'not-run' };
  });
}

function readStatusLines(
  group: readonly Numbered[],
  output: Buffer,
  complaint: string | undefined,
): Map<number, Omit<ChangeOutcome, 'change'>> {
  const spoken = new Map<number, Omit<ChangeOutcome, 'change'>>();
  const cursor = new Cursor(output);
  while (!cursor.ended) {
    const [, number, status, rest = ''] = /^@ (\d+) (done|stale|failed) ?(.*)$/.exec(cursor.line()) ?? [];
    if (number === undefined) continue;
    const seq = Number(number);
    const change = group.find((entry) => entry.seq === seq)?.change;
    const resource = change?.resource;
    if (status === 'stale') {
      spoken.set(seq, { seq, status, message: `found ${rest}, which is not what was planned from` });
    } else if (status === 'failed') {
      const left = rest === 'unchanged' ? { unchanged: true as const } : {};
      const said = complaint ?? 'it failed without a word';
      spoken.set(seq, { seq, status, ...left, message: resource === 'file' ? fileComplaint(said) : said });
    } else if (resource === 'command') {
      spoken.set(seq, { seq, status: 'done', result: { ...readCommand(rest, cursor) } });
    } else if (resource === 'file') {
      const same = isSame(change!.detail as FileDetail, rest) ? { unchanged: true as const } : {};
      spoken.set(seq, { seq, status: 'done', ...same, result: { after: readPicture(rest) } });
    } else if (resource === 'user' || resource === 'group') {
      spoken.set(seq, { seq, status: 'done', result: readAccount(rest) });
    } else spoken.set(seq, { seq, status: 'done' });
  }
  return spoken;
}

/** The first failed, the others were not run. */
export function allFailed(group: readonly Numbered[], message: string): ChangeOutcome[] {
  return group.map(({ change, seq }, index) =>
    index === 0 ? { change, seq, status: 'failed', message } : { change, status: 'not-run' },
  );
}

/** Only the host knows that an owner or group is another name of the one that is there. */
function isSame({ action, expect }: FileDetail, told: string): boolean {
  const ownership = (picture: string) => picture.split(',', 4).join();
  return action === 'attributes' && ownership(told.split(' ', 1)[0]!) === ownership(expect);
}

/** Reads what `co_done` says of a path: its picture (see describeFile), then size, links and names. Unknown parts are left out. */
function readPicture(text: string): Partial<FileState> {
  const [picture = '', told = ''] = text.split(' ');
  const [type, mode = '', uid = '', gid = ''] = picture.split(',');
  if (type === 'absent') return { type };
  const [size = '', links = '', owner = '', ...group] = told.split('/');
  const known: Record<string, unknown> = {
    type,
    mode: octal(mode),
    uid: digits(uid),
    gid: digits(gid),
    size: digits(size),
    links: digits(links),
    owner: named(owner, uid),
    group: named(group.join('/'), gid),
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

const octal = (text: string) => (/^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined);
const digits = (text: string) => (/^\d+$/.test(text) ? Number(text) : undefined);
/** A host that knows no name for an id says so, or nothing. */
const named = (name: string, id: string) =>
  name === '' || name === 'UNKNOWN' ? (digits(id) === undefined ? undefined : id) : name;

/** Reads the picture of an account or group (see co_look_account): what it got from the host's defaults. */
function readAccount(picture: string): Record<string, unknown> {
  const [kind, id = '', gid = '', comment = '', home = '', shell = ''] = picture.trim().split(',');
  if (kind === 'group') return { gid: digits(id) };
  if (kind !== 'user') return {};
  const text = { comment: unescapeField(comment), home: unescapeField(home), shell: unescapeField(shell) };
  return { uid: digits(id), gid: digits(gid), ...text };
}
