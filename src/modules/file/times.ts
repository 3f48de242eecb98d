import { CutoverError } from '../../errors/index.ts';
import type { FileState } from '../../resources/index.ts';
import type { PlanContext } from '../types.ts';
import type { FileParams } from './params.ts';

/** Times to set: seconds since 1970, `keep`, or undefined for the moment of acting. */
export interface WantedTimes {
  readonly mtime: number | 'keep' | undefined;
  readonly atime: number | 'keep' | undefined;
}

/** Gives the times that are wanted. `touch` means now where nothing is said; any other state means to leave times alone. */
export function wantedTimes(params: FileParams, context: PlanContext): WantedTimes {
  const standard = params.state === 'touch' ? 'now' : 'preserve';
  return {
    mtime: timeOf(params.modification_time ?? standard, params.modification_time_format, context),
    atime: timeOf(params.access_time ?? standard, params.access_time_format, context),
  };
}

/** Whether the times differ from what is there. */
export function timesDiffer(found: FileState, wanted: WantedTimes): boolean {
  return differs(found.mtime, wanted.mtime) || differs(found.atime, wanted.atime);
}

/** The times that are others afterwards, for the difference: `now` is a moment that only the host knows. */
export function timesDiff(
  found: FileState,
  wanted: WantedTimes,
): { readonly before: Partial<WantedTimes>; readonly after: Readonly<Record<string, number | 'now'>> } {
  if (found.type === 'absent') return { before: {}, after: {} };
  const names = (['mtime', 'atime'] as const).filter((name) => differs(found[name], wanted[name]));
  const part = <Value>(of: (name: 'mtime' | 'atime') => Value) =>
    Object.fromEntries(names.map((name) => [name, of(name)]));
  return { before: part((name) => found[name]), after: part((name) => (wanted[name] as number) ?? 'now') };
}

function differs(present: number | undefined, wish: number | 'keep' | undefined): boolean {
  return (
    wish !== 'keep' &&
    (wish === undefined || present === undefined || Math.floor(present) !== Math.floor(wish))
  );
}

function timeOf(text: string, format: string, context: PlanContext): number | 'keep' | undefined {
  if (text === 'preserve') return 'keep';
  if (text === 'now') return undefined;
  const seconds = parseTime(text, format);
  if (seconds !== undefined) return seconds;
  throw new CutoverError('playbook', `file: "${text}" is no time of the form ${format}`, {
    position: context.position,
  });
}

const FIELDS: Readonly<Record<string, { readonly digits: string; readonly part: string }>> = {
  Y: { digits: '\\d{4}', part: 'year' },
  y: { digits: '\\d{2}', part: 'short' },
  m: { digits: '\\d{1,2}', part: 'month' },
  d: { digits: '\\d{1,2}', part: 'day' },
  H: { digits: '\\d{1,2}', part: 'hour' },
  M: { digits: '\\d{1,2}', part: 'minute' },
  S: { digits: '\\d{1,2}', part: 'second' },
  s: { digits: '\\d+', part: 'epoch' },
};

/** Reads a time by a strftime format, in the controller's time zone. Gives seconds since 1970. */
export function parseTime(text: string, format: string): number | undefined {
  const pattern = format.replace(/%(.)|[\\^$.*+?()[\]{}|]/g, (whole, letter: string | undefined) => {
    if (letter === undefined) return `\\${whole}`;
    const field = FIELDS[letter];
    return field ? `(?<${field.part}>${field.digits})` : letter === '%' ? '%' : '(?!)';
  });
  const found = new RegExp(`^${pattern}$`).exec(text)?.groups;
  if (!found) return undefined;
  const part = (name: string, standard: number) =>
    found[name] === undefined ? standard : Number(found[name]);
  if (found.epoch !== undefined) return Number(found.epoch);
  const year = found.short === undefined ? part('year', 1970) : 2000 + Number(found.short);
  const date = new Date(
    year,
    part('month', 1) - 1,
    part('day', 1),
    part('hour', 0),
    part('minute', 0),
    part('second', 0),
  );
  return date.getTime() / 1000;
}
