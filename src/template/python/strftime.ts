/** Laying times out as `strftime` does in the C locale. */

/** Writes a number with two digits. */
export const two = (value: number): string => String(value).padStart(2, '0');
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** The months' English names. */
export const MONTHS = [
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
  return {
    wall: new Date(moment.getTime() + offset * 60_000),
    offset,
    get zone() {
      return utc ? 'UTC' : zoneName(moment);
    },
    micros: moment.getUTCMilliseconds() * 1000,
  };
}

/** Made when a format first asks for a zone, and once: that takes milliseconds. */
let zones: Intl.DateTimeFormat | undefined;

function zoneName(moment: Date): string {
  zones ??= new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' });
  const part = zones.formatToParts(moment).find((piece) => piece.type === 'timeZoneName');
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
