/** Texts and their bytes in the encodings that Python knows and a target's programs may still want. */
import { CutoverError } from '../errors/index.ts';

/** Names as Python takes them: capitals, `_` and blanks do not count. */
const UNICODE: Readonly<Record<string, (text: string) => Buffer>> = {
  'utf-8': (text) => Buffer.from(text),
  'utf-8-sig': (text) => Buffer.from(`\ufeff${text}`),
  'utf-16': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'utf-16-le': (text) => Buffer.from(text, 'utf16le'),
  'utf-16-be': (text) => Buffer.from(text, 'utf16le').swap16(),
};
const OTHER_NAMES: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  u8: 'utf-8',
  utf16: 'utf-16',
  'utf-16le': 'utf-16-le',
  'utf-16be': 'utf-16-be',
  'us-ascii': 'ascii',
  latin1: 'iso-8859-1',
  'latin-1': 'iso-8859-1',
  l1: 'iso-8859-1',
};

/** Whether `encode` and `decode` know an encoding of this name. */
export function knowsEncoding(name: string): boolean {
  const known = plainName(name);
  return Object.hasOwn(UNICODE, known) || tableOf(known) !== undefined;
}

/** Gives the bytes of a text. Throws CutoverError('template') for a character that the encoding does not have. */
export function encode(text: string, name: string): Buffer {
  const known = plainName(name);
  if (Object.hasOwn(UNICODE, known)) return UNICODE[known]!(text);
  const table = tableOf(known)!;
  const bytes = Array.from(text, (character, index) => {
    const byte = table.get(character);
    if (byte !== undefined) return byte;
    throw new CutoverError(
      'template',
      `'${name}' codec can't encode character '${character}' in position ${index}`,
    );
  });
  return Buffer.from(bytes);
}

/** Gives the text of bytes. Throws CutoverError('template') for an encoding that is not known. */
export function decode(bytes: Buffer, name: string): string {
  const known = plainName(name);
  if (Object.hasOwn(UNICODE, known))
    return new TextDecoder(known.replace(/-sig$|-(?=[lb]e$)/, '')).decode(bytes);
  const table = tableOf(known);
  if (!table) throw new CutoverError('template', `unknown encoding: ${name}`);
  const characters = [...table.keys()];
  return Array.from(bytes, (byte) => characters[byte] ?? '\ufffd').join('');
}

function plainName(name: string): string {
  const plain = name.toLowerCase().replace(/[_ ]/g, '-');
  return (
    OTHER_NAMES[plain] ??
    plain.replace(/^(?:cp|windows)-?(125\d)$/, 'windows-$1').replace(/^iso8859-/, 'iso-8859-')
  );
}

/** The byte of each character of an encoding that has one for each. */
function tableOf(name: string): ReadonlyMap<string, number> | undefined {
  // For browsers these two are names of windows-1252.
  if (name === 'ascii' || name === 'iso-8859-1')
    return new Map(
      Array.from({ length: name === 'ascii' ? 128 : 256 }, (_, byte) => [String.fromCharCode(byte), byte]),
    );
  if (!/^(?:windows-125\d|iso-8859-\d+|koi8-[ru])$/.test(name)) return undefined;
  try {
    const decoder = new TextDecoder(name);
    return new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
  } catch {
    return undefined;
  }
}
