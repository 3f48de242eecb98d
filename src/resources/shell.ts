/** Text for POSIX shells: quoting, and the escaping of journal fields. Paths that are no UTF-8 travel as lone surrogates (U+DC80 + byte). */

/** Gives one shell word that stands for exactly this text. */
export function quote(text: string): string {
  if (/^[A-Za-z0-9_./@%+:,-]+$/.test(text)) return text;
  if (hasRawBytes(text)) return rawWord(text);
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** For bytes that are no UTF-8, which a script (text) cannot carry. Line ends at the very end would be lost: such names are quoted in part. */
function rawWord(text: string): string {
  const body = text.replace(/\n+$/, '');
  const octal = [...encodePath(body)].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
  const tail = text.slice(body.length);
  return `"$(printf '%b' '${octal}')"${tail === '' ? '' : `'${tail}'`}`;
}

/**
 * Gives a word of safe characters for journal fields: text of safe characters stands for itself; of any other text every
 * byte is `%` and three octal digits; `%` alone is the empty text. The shell side (core.sh, co_esc) does exactly the same.
 */
export function escapeField(text: string): string {
  if (text === '') return '%';
  if (/^[A-Za-z0-9_./@+:=-]+$/.test(text)) return text;
  return [...encodePath(text)].map((byte) => `%${byte.toString(8).padStart(3, '0')}`).join('');
}

/** The reverse of escapeField. */
export function unescapeField(field: string): string {
  if (field === '%') return '';
  if (!field.includes('%')) return field;
  const octals = field.slice(1).split('%');
  return decodePath(Buffer.from(octals.map((octal) => Number.parseInt(octal, 8))));
}

/** Gives the text of a path: UTF-8, with bytes that are none as lone surrogates (as Python does), so that encodePath gives them back. */
export function decodePath(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return text;
  let out = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) out += String.fromCharCode(0xdc00 + bytes[at]!);
    else out += bytes.toString('utf8', at, at + length);
    at += length || 1;
  }
  return out;
}

/** The reverse of decodePath. */
export function encodePath(text: string): Buffer {
  if (!hasRawBytes(text)) return Buffer.from(text);
  const parts: Buffer[] = [];
  for (const char of text) {
    const code = char.charCodeAt(0);
    parts.push(char.length === 1 && isRawByte(code) ? Buffer.from([code & 0xff]) : Buffer.from(char));
  }
  return Buffer.concat(parts);
}

const isRawByte = (code: number) => code >= 0xdc80 && code <= 0xdcff;

function hasRawBytes(text: string): boolean {
  return !text.isWellFormed();
}

function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at]!;
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length < 2) return length;
  const text = bytes.toString('utf8', at, at + length);
  return text.includes('\ufffd') || at + length > bytes.length ? 0 : length;
}

/** Gives the steps that put variables into the environment. Names that no shell has are left out. */
export function exportsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(environment)
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
    .map(([name, value]) => `export ${name}=${quote(value)}`);
}
