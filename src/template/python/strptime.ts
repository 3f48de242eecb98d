/** Reading times as `strptime` does. */
import { TemplateFault } from '../faults.ts';
import { DateTime } from './datetime.ts';
import { type ClockTime, MONTHS } from './strftime.ts';

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
