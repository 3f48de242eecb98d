/** Permission bits as people write them. */

const SYMBOLIC = /^[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+(?:,[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+)*$/;

/** Modes that a number from a variable may mean; anything else must be written as text. */
const USUAL = new Set(
  [
    '400 440 444 500 550 555 600 640 644 660 664 666 700 710 711 750 751 755 770 771 775 777',
    '1770 1777 2750 2755 2770 2775 4750 4755 6755',
  ]
    .join(' ')
    .split(' '),
);

/**
 * Gives four octal digits for anything octal, symbolic text as it is, and the value itself when it is neither.
 *
 * A number can only come from a variable here (a literal one is refused before the run): YAML 1.1 has turned 0644 into
 * 420, or someone wrote 644 without the 0. The reading that gives a usual mode wins; when both or none do it stays a number.
 */
export function normalizeMode(value: unknown): unknown {
  if (typeof value === 'number' && Number.isInteger(value)) {
    const asBits = value.toString(8);
    const asDigits = String(value);
    if (USUAL.has(asBits) === USUAL.has(asDigits)) return value;
    return (USUAL.has(asBits) ? asBits : asDigits).padStart(4, '0');
  }
  if (typeof value !== 'string') return value;
  const trimmed = value.trim().replace(/^0o/, '0');
  return /^[0-7]{1,5}$/.test(trimmed) ? trimmed.slice(-4).padStart(4, '0') : trimmed;
}

/** Gives what is wrong with a normalized mode, or undefined when it is one. */
export function modeError(value: unknown): string | undefined {
  if (typeof value === 'number') return `write it as '${spelling(value)}', with quotes and a leading 0`;
  if (typeof value !== 'string') return "must be text such as '0644' or u=rw,g=r,o=r";
  if (/^[0-7]{4}$/.test(value) || SYMBOLIC.test(value)) return undefined;
  return `"${value}" is no mode: write '0644' or u=rw,g=r,o=r`;
}

/** The spelling that a bare number most likely meant: 644 and 420 are both '0644'. */
function spelling(value: number): string {
  const digits = String(value);
  const bits = value >= 0 ? value.toString(8) : digits;
  const meant = !/^[0-7]+$/.test(digits) || (USUAL.has(bits) && !USUAL.has(digits)) ? bits : digits;
  return meant.padStart(4, '0');
}
