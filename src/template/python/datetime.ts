/** Dates and durations as templates see them: `now()`, `to_datetime`, `strftime`. */
import { TemplateFault } from '../faults.ts';
import { bound } from '../globals/function.ts';
import { type Args, routine } from '../routine.ts';
import type { Arithmetic } from './arithmetic.ts';
import { float, NO_ATTRIBUTE, PyObject } from './kinds.ts';
import type { Ordered } from './logic.ts';

const two = (value: number): string => String(value).padStart(2, '0');
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A wall-clock time without a zone, kept as if it were UTC; `offset` is the minutes east of UTC, for `%z`. */
export interface ClockTime {
  readonly wall: Date;
  readonly offset: number | undefined;
  readonly zone: string;
  readonly micros: number;
}

/** Gives the wall-clock time of a moment, in UTC or in the controller's zone. */
export function clockTime(moment: Date, utc: boolean): ClockTime {
  const offset = utc ? 0 : -moment.getTimezoneOffset();
  const zone = utc ? 'UTC' : zoneName(moment);
  return {
    wall: new Date(moment.getTime() + offset * 60_000),
    offset,
    zone,
    micros: moment.getUTCMilliseconds() * 1000,
  };
}

function zoneName(moment: Date): string {
  const part = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' })
    .formatToParts(moment)
    .find((piece) => piece.type === 'timeZoneName');
  return part?.value ?? 'UTC';
}

const dayOfYear = (date: Date): number =>
  Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
const weekOfYear = (date: Date, firstDay: number): number =>
  Math.floor((dayOfYear(date) + 6 - ((date.getUTCDay() - firstDay + 7) % 7)) / 7);

function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(date.getTime());
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  return { year: thursday.getUTCFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}

function zoneOffset(offset: number | undefined): string {
  if (offset === undefined) return '';
  const size = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

type Directive = (time: ClockTime) => string;
const hour12 = (date: Date): number => date.getUTCHours() % 12 || 12;

const DIRECTIVES: Readonly<Record<string, Directive>> = {
  a: ({ wall }) => DAYS[wall.getUTCDay()]!.slice(0, 3),
  A: ({ wall }) => DAYS[wall.getUTCDay()]!,
  b: ({ wall }) => MONTHS[wall.getUTCMonth()]!.slice(0, 3),
  B: ({ wall }) => MONTHS[wall.getUTCMonth()]!,
  c: (time) => format(time, '%a %b %e %H:%M:%S %Y'),
  C: ({ wall }) => two(Math.floor(wall.getUTCFullYear() / 100)),
  d: ({ wall }) => two(wall.getUTCDate()),
  D: (time) => format(time, '%m/%d/%y'),
  e: ({ wall }) => String(wall.getUTCDate()).padStart(2, ' '),
  f: ({ micros }) => String(micros).padStart(6, '0'),
  F: (time) => format(time, '%Y-%m-%d'),
  g: ({ wall }) => two(isoWeek(wall).year % 100),
  G: ({ wall }) => String(isoWeek(wall).year),
  h: (time) => format(time, '%b'),
  H: ({ wall }) => two(wall.getUTCHours()),
  I: ({ wall }) => two(hour12(wall)),
  j: ({ wall }) => String(dayOfYear(wall)).padStart(3, '0'),
  k: ({ wall }) => String(wall.getUTCHours()).padStart(2, ' '),
  l: ({ wall }) => String(hour12(wall)).padStart(2, ' '),
  m: ({ wall }) => two(wall.getUTCMonth() + 1),
  M: ({ wall }) => two(wall.getUTCMinutes()),
  n: () => '\n',
  p: ({ wall }) => (wall.getUTCHours() < 12 ? 'AM' : 'PM'),
  r: (time) => format(time, '%I:%M:%S %p'),
  R: (time) => format(time, '%H:%M'),
  s: ({ wall, offset }) => String(Math.floor(wall.getTime() / 1000) - (offset ?? 0) * 60),
  S: ({ wall }) => two(wall.getUTCSeconds()),
  t: () => '\t',
  T: (time) => format(time, '%H:%M:%S'),
  u: ({ wall }) => String(wall.getUTCDay() || 7),
  U: ({ wall }) => two(weekOfYear(wall, 0)),
  V: ({ wall }) => two(isoWeek(wall).week),
  w: ({ wall }) => String(wall.getUTCDay()),
  W: ({ wall }) => two(weekOfYear(wall, 1)),
  x: (time) => format(time, '%m/%d/%y'),
  X: (time) => format(time, '%H:%M:%S'),
  y: ({ wall }) => two(wall.getUTCFullYear() % 100),
  Y: ({ wall }) => String(wall.getUTCFullYear()),
  z: ({ offset }) => zoneOffset(offset),
  Z: ({ zone }) => zone,
  '%': () => '%',
};

/** Lays a time out as `strftime` does in the C locale; `%-d` and the like leave the padding out. */
export function format(time: ClockTime, pattern: string): string {
  return pattern.replace(/%([-_0]?)([a-zA-Z%])/g, (whole, flag: string, letter: string) => {
    const directive = Object.hasOwn(DIRECTIVES, letter) ? DIRECTIVES[letter] : undefined;
    if (!directive) return whole;
    const text = directive(time);
    if (flag === '-') return text.replace(/^[0 ]+(?=.)/, '');
    return flag === '_' ? text.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length)) : text;
  });
}

/** A Python datetime. */
export class DateTime extends PyObject implements Ordered, Arithmetic {
  readonly typeName = 'datetime';
  readonly time: ClockTime;

  constructor(time: ClockTime) {
    super();
    this.time = time;
  }

  get order(): number {
    return this.time.wall.getTime() * 1000 + (this.time.micros % 1000);
  }

  override attr(name: string): unknown {
    const { wall, micros, offset } = this.time;
    switch (name) {
      case 'year':
        return wall.getUTCFullYear();
      case 'month':
        return wall.getUTCMonth() + 1;
      case 'day':
        return wall.getUTCDate();
      case 'hour':
        return wall.getUTCHours();
      case 'minute':
        return wall.getUTCMinutes();
      case 'second':
        return wall.getUTCSeconds();
      case 'microsecond':
        return micros;
      case 'strftime':
        return bound(
          name,
          routine('format', (_, args) => format(this.time, args.text('format'))),
        );
      case 'isoformat':
        return bound(
          name,
          routine('sep="T"', (_, args) => this.iso(args.text('sep'))),
        );
      case 'timestamp':
        return bound(
          name,
          routine('', () => float((this.order - (offset ?? -wall.getTimezoneOffset()) * 60e6) / 1e6)),
        );
      case 'weekday':
        return bound(
          name,
          routine('', () => (wall.getUTCDay() + 6) % 7),
        );
      case 'isoweekday':
        return bound(
          name,
          routine('', () => wall.getUTCDay() || 7),
        );
      case 'date':
        return bound(
          name,
          routine(
            '',
            () =>
              new DateTime({
                ...this.time,
                micros: 0,
                wall: new Date(Math.floor(wall.getTime() / 86_400_000) * 86_400_000),
              }),
          ),
        );
      default:
        return NO_ATTRIBUTE;
    }
  }

  operate(operator: string, other: unknown, reversed: boolean): unknown {
    if (operator === '-' && other instanceof DateTime)
      return new Duration((reversed ? -1 : 1) * (this.order - other.order));
    if (!(other instanceof Duration) || reversed) return undefined;
    if (operator !== '+' && operator !== '-') return undefined;
    const micros = this.order + (operator === '+' ? other.order : -other.order);
    return new DateTime({
      ...this.time,
      wall: new Date(Math.floor(micros / 1000)),
      micros: ((micros % 1e6) + 1e6) % 1e6,
    });
  }

  private iso(separator: string): string {
    return (
      format(this.time, `%Y-%m-%d${separator}%H:%M:%S`) +
      (this.time.micros > 0 ? format(this.time, '.%f') : '')
    );
  }

  override str(): string {
    return this.iso(' ');
  }

  override repr(): string {
    const { wall, micros } = this.time;
    const parts = [
      wall.getUTCFullYear(),
      wall.getUTCMonth() + 1,
      wall.getUTCDate(),
      wall.getUTCHours(),
      wall.getUTCMinutes(),
    ];
    if (wall.getUTCSeconds() > 0 || micros > 0) parts.push(wall.getUTCSeconds());
    if (micros > 0) parts.push(micros);
    return `datetime.datetime(${parts.join(', ')})`;
  }
}

/** A Python timedelta, kept in microseconds. */
class Duration extends PyObject implements Ordered {
  readonly typeName = 'timedelta';
  readonly order: number;

  constructor(micros: number) {
    super();
    this.order = micros;
  }

  override attr(name: string): unknown {
    const days = Math.floor(this.order / 86_400e6);
    const rest = this.order - days * 86_400e6;
    if (name === 'days') return days;
    if (name === 'seconds') return Math.floor(rest / 1e6);
    if (name === 'microseconds') return rest % 1e6;
    if (name === 'total_seconds')
      return bound(
        name,
        routine('', () => float(this.order / 1e6)),
      );
    return NO_ATTRIBUTE;
  }

  override str(): string {
    const days = Math.floor(this.order / 86_400e6);
    const rest = this.order - days * 86_400e6;
    const seconds = Math.floor(rest / 1e6);
    const micros = rest % 1e6;
    const clock = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${micros > 0 ? `.${String(micros).padStart(6, '0')}` : ''}`;
    return days === 0 ? clock : `${days} day${Math.abs(days) === 1 ? '' : 's'}, ${clock}`;
  }
}

/** Gives what `now()` gives: a datetime, or a text when it has a format. */
export function now(args: Args): unknown {
  const time = clockTime(args.run.around.now(), args.flag('utc'));
  const pattern = args.optionalText('fmt');
  return pattern ? format(time, pattern) : new DateTime({ ...time, offset: undefined });
}

const NUMBERS: Readonly<Record<string, { pattern: string; field: keyof Fields }>> = {
  Y: { pattern: '(\\d{4})', field: 'year' },
  m: { pattern: '(1[0-2]|0?[1-9])', field: 'month' },
  d: { pattern: '(3[01]|[12]\\d|0?[1-9]| [1-9])', field: 'day' },
  H: { pattern: '(2[0-3]|[01]\\d|\\d)', field: 'hour' },
  I: { pattern: '(1[0-2]|0?[1-9])', field: 'hour12' },
  M: { pattern: '([0-5]\\d|\\d)', field: 'minute' },
  S: { pattern: '(6[01]|[0-5]\\d|\\d)', field: 'second' },
  f: { pattern: '(\\d{1,6})', field: 'fraction' },
  y: { pattern: '(\\d{2})', field: 'shortYear' },
  j: { pattern: '(\\d{1,3})', field: 'yearDay' },
  b: { pattern: '([A-Za-z]{3})', field: 'monthName' },
  B: { pattern: '([A-Za-z]+)', field: 'monthName' },
  p: { pattern: '([AaPp][Mm])', field: 'half' },
  z: { pattern: '(Z|[-+]\\d{2}:?\\d{2})', field: 'offset' },
};

interface Fields {
  year?: string;
  shortYear?: string;
  month?: string;
  monthName?: string;
  day?: string;
  yearDay?: string;
  hour?: string;
  hour12?: string;
  half?: string;
  minute?: string;
  second?: string;
  fraction?: string;
  offset?: string;
}

/** Reads a time as `strptime` does. Throws when the text does not fit the pattern. */
export function parseTime(text: string, pattern: string): DateTime {
  const order: (keyof Fields)[] = [];
  const expanded = pattern
    .replaceAll('%T', '%H:%M:%S')
    .replaceAll('%F', '%Y-%m-%d')
    .replaceAll('%D', '%m/%d/%y')
    .replaceAll('%R', '%H:%M');
  const source = expanded.replace(
    /%([a-zA-Z%])|(\s+)|([.*+?^${}()|[\]\\])/g,
    (_, letter, blanks, special) => {
      if (blanks) return '\\s+';
      if (special) return `\\${special}`;
      if (letter === '%') return '%';
      if (letter === 'a' || letter === 'A' || letter === 'Z') return '[A-Za-z]*';
      const known = Object.hasOwn(NUMBERS, letter) ? NUMBERS[letter] : undefined;
      if (!known) throw new TemplateFault(`'${letter}' is a bad directive in format '${pattern}'`);
      order.push(known.field);
      return known.pattern;
    },
  );
  const match = new RegExp(`^${source}$`).exec(text);
  if (!match) throw new TemplateFault(`time data '${text}' does not match format '${pattern}'`);
  const fields: Fields = {};
  order.forEach((field, index) => {
    fields[field] = match[index + 1]!;
  });
  return new DateTime(assemble(fields, text));
}

function assemble(fields: Fields, text: string): ClockTime {
  const short =
    fields.shortYear === undefined
      ? undefined
      : Number(fields.shortYear) + (Number(fields.shortYear) < 69 ? 2000 : 1900);
  const year = fields.year === undefined ? (short ?? 1900) : Number(fields.year);
  const named = fields.monthName
    ? MONTHS.findIndex((name) => name.toLowerCase().startsWith(fields.monthName!.toLowerCase())) + 1
    : 1;
  const month = fields.yearDay ? 1 : Number(fields.month ?? named);
  const day = Number(fields.yearDay ?? fields.day ?? 1);
  const hour =
    fields.hour12 === undefined
      ? Number(fields.hour ?? 0)
      : (Number(fields.hour12) % 12) + (/^p/i.test(fields.half ?? '') ? 12 : 0);
  const wall = new Date(
    Date.UTC(2000, month - 1, day, hour, Number(fields.minute ?? 0), Number(fields.second ?? 0)),
  );
  wall.setUTCFullYear(year, month - 1, day);
  if (!fields.yearDay && wall.getUTCDate() !== day)
    throw new TemplateFault(`'${text}': day is out of range for month`);
  const micros = Number((fields.fraction ?? '').padEnd(6, '0'));
  return {
    wall: new Date(wall.getTime() + Math.floor(micros / 1000)),
    micros,
    offset: readOffset(fields.offset),
    zone: '',
  };
}

function readOffset(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === 'Z') return 0;
  const digits = text.replace(/\D/g, '');
  return (text.startsWith('-') ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
}
