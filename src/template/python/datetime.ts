/** Dates and durations as templates see them: `now()`, `to_datetime`, `strftime`. */
import { bound } from '../globals/function.ts';
import { type Args, routine } from '../routine.ts';
import type { Arithmetic } from './arithmetic.ts';
import { float, NO_ATTRIBUTE, PyObject } from './kinds.ts';
import type { Ordered } from './logic.ts';
import { type ClockTime, clockTime, format, two } from './strftime.ts';

const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'];

/** A Python datetime. */
export class DateTime extends PyObject implements Ordered, Arithmetic {
  readonly typeName: string = 'datetime';
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
              new CalendarDate({
                ...this.time,
                micros: 0,
                wall: new Date(Math.floor(wall.getTime() / 86_400_000) * 86_400_000),
              }),
          ),
        );
      case 'replace':
        return bound(
          name,
          routine(`${FIELDS.map((field) => `${field}=null`).join(' ')} microsecond=null`, (_, args) =>
            this.replaced(args),
          ),
        );
      default:
        return NO_ATTRIBUTE;
    }
  }

  private replaced(args: Args): DateTime {
    const [year, month, day, hour, minute, second] = FIELDS.map(
      (field) => args.optionalInt(field) ?? (this.attr(field) as number),
    );
    const wall = new Date(Date.UTC(year!, month! - 1, day!, hour!, minute!, second!));
    if (wall.getUTCMonth() !== month! - 1 || wall.getUTCDate() !== day || wall.getUTCHours() !== hour)
      return args.fail('there is no such date');
    const micros = args.optionalInt('microsecond') ?? this.time.micros;
    wall.setUTCMilliseconds(Math.floor(micros / 1000));
    return new DateTime({ ...this.time, wall, micros });
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

/** A Python date. */
class CalendarDate extends DateTime {
  override readonly typeName = 'date';

  override str(): string {
    return format(this.time, '%Y-%m-%d');
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
  const time = naive(clockTime(args.run.around.now(), args.flag('utc')));
  const pattern = args.optionalText('fmt');
  return pattern ? format(time.time, pattern) : time;
}

/** Gives a datetime that does not know its zone, as Python makes them. */
export function naive({ wall, micros }: ClockTime): DateTime {
  return new DateTime({ wall, micros, offset: undefined, zone: '' });
}
