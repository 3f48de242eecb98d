/** Filters over dates and spans of time. */

import { float } from '../python/kinds.ts';
import { numeric } from '../python/logic.ts';
import { clockTime, format } from '../python/strftime.ts';
import { parseTime } from '../python/strptime.ts';
import { str } from '../python/text.ts';
import { type Args, type Routine, type Routines, routine } from '../routine.ts';

function strftime(value: unknown, args: Args): string {
  const second = args.get('second');
  const seconds =
    second === null ? args.run.around.now().getTime() / 1000 : Number(numeric(second) ?? str(second));
  if (!Number.isFinite(seconds))
    return args.fail(`Invalid value for epoch value (${str(second)}): it counts seconds since 1970`);
  return format(clockTime(new Date(seconds * 1000), args.flag('utc')), str(value));
}

/** Seconds of each unit; a year has 365 days and a month 30, as community.general counts. */
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|msecs?|milliseconds?)$/, 0.001],
  [/^(?:s|secs?|seconds?)$/, 1],
  [/^(?:m|mins?|minutes?)$/, 60],
  [/^(?:h|hours?)$/, 3600],
  [/^(?:d|days?)$/, 86_400],
  [/^(?:w|weeks?)$/, 604_800],
  [/^(?:mo|months?)$/, 2_592_000],
  [/^(?:y|years?)$/, 31_536_000],
];

function unitSize(name: string, args: Args): number {
  const found = UNITS.find(([pattern]) => pattern.test(name.toLowerCase()));
  return found
    ? found[1]
    : args.fail(`the unit "${name}" is not known`, 'use s, m, h, d, w, mo, y and the like');
}

function span(value: unknown, unit: string, args: Args): unknown {
  const number = numeric(value);
  if (number !== undefined && Number(number) === 0) return 0;
  const parts = str(value).trim().split(/\s+/);
  const total = parts.reduce((sum, part) => {
    const match = /^([-+]?\d+)([a-z]+)$/i.exec(part);
    return match
      ? sum + Number(match[1]) * unitSize(match[2]!, args)
      : args.fail(`cannot read "${part}"`, 'write spans like "30min 5s"');
  }, 0);
  return float(Number((total / unitSize(unit, args)).toFixed(12)));
}

const into = (unit: string): Routine =>
  routine('year=365 month=30', (value, args) => span(value, unit, args));

/** Filters by name. */
export const TIME_FILTERS: Routines = {
  strftime: routine('second=null utc=false', strftime),
  to_datetime: routine('format="%Y-%m-%d %H:%M:%S"', (value, args) =>
    parseTime(str(value), args.text('format')),
  ),
  to_days: into('d'),
  to_hours: into('h'),
  to_milliseconds: into('ms'),
  to_minutes: into('m'),
  to_months: into('mo'),
  to_seconds: into('s'),
  to_time_unit: routine('unit="ms" year=365 month=30', (value, args) => span(value, args.text('unit'), args)),
  to_weeks: into('w'),
  to_years: into('y'),
};
