/** What the time fields of a table may say: crontab(1) refuses a table with a mistake, and cron(8) passes the whole of it over. */

interface Field {
  readonly key: 'minute' | 'hour' | 'day' | 'month' | 'weekday';
  /** What crontab(1) calls it. */
  readonly called: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const FIELDS: readonly Field[] = [
  { key: 'minute', called: 'minute', from: 0, to: 59 },
  { key: 'hour', called: 'hour', from: 0, to: 23 },
  { key: 'day', called: 'day-of-month', from: 1, to: 31 },
  { key: 'month', called: 'month', from: 1, to: 12, names: MONTHS },
  { key: 'weekday', called: 'day-of-week', from: 0, to: 7, names: DAYS },
];

/** Says which field is wrong, in the words of crontab(1); undefined when all are right. */
export function fieldFault(given: Readonly<Record<Field['key'], string>>): string | undefined {
  const wrong = FIELDS.find((field) => !given[field.key].split(',').every((part) => isRight(part, field)));
  return wrong && `bad ${wrong.called}: ${given[wrong.key]}`;
}

/** One part of a list: `*`, a number or name, a range (`~` picks one of it), with a step or without. */
function isRight(part: string, field: Field): boolean {
  const [, low, high, step] = /^(\*|\w+)(?:[-~](\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
  if (low === undefined || step === '0') return false;
  if (low === '*') return high === undefined;
  return isWithin(low, field) && (high === undefined || isWithin(high, field));
}

function isWithin(word: string, { from, to, names }: Field): boolean {
  if (/^\d+$/.test(word)) return Number(word) >= from && Number(word) <= to;
  return names?.includes(word.toLowerCase()) ?? false;
}
