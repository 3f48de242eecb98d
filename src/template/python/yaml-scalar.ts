/** Which YAML 1.1 scalars a text could be mistaken for, and in which styles it may be written (the rules of libyaml's emitter). */

const RESOLVED: readonly RegExp[] = [
  /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  /^(?:~|null|Null|NULL|<<|=|)$/,
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/,
];

/** Whether a plain scalar would be read back as text. */
export const readsAsText = (text: string): boolean => !RESOLVED.some((pattern) => pattern.test(text));

/** The styles that a text allows. */
export interface ScalarShape {
  readonly multiline: boolean;
  readonly flowPlain: boolean;
  readonly blockPlain: boolean;
  readonly singleQuoted: boolean;
}

const WHITE = '\0 \t\r\n\x85\u2028\u2029';
const BREAKS = '\n\x85\u2028\u2029';

/** Finds out how a text may be written. */
export function shapeOf(text: string, unicode: boolean): ScalarShape {
  if (text === '') return { multiline: false, flowPlain: false, blockPlain: true, singleQuoted: true };
  const indicators = indicatorsIn(text);
  const multiline = /[\n\x85\u2028\u2029]/.test(text);
  const special = hasSpecial(text, unicode) || / [\n\x85\u2028\u2029]/.test(text);
  const ragged = isEdge(text[0]!) || isEdge(text.at(-1)!);
  const plain = !ragged && !special && !multiline;
  return {
    multiline,
    flowPlain: plain && !indicators.flow,
    blockPlain: plain && !indicators.block,
    singleQuoted: !special && !/[\n\x85\u2028\u2029] /.test(text),
  };
}

const isEdge = (character: string): boolean => character === ' ' || BREAKS.includes(character);

function hasSpecial(text: string, unicode: boolean): boolean {
  for (const character of text) {
    if (character === '\n' || (character >= ' ' && character <= '~')) continue;
    const code = character.codePointAt(0)!;
    const printable =
      code === 0x85 ||
      (code >= 0xa0 && code <= 0xd7ff) ||
      (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff);
    if (!printable || !unicode) return true;
  }
  return false;
}

function indicatorsIn(text: string): { flow: boolean; block: boolean } {
  let flow = /^(?:---|\.\.\.)/.test(text);
  let block = flow;
  const white = (index: number): boolean => index >= text.length || WHITE.includes(text[index]!);
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (i === 0) {
      if ('#,[]{}&*!|>\'"%@`'.includes(character) || (character === '-' && white(1))) flow = block = true;
      if (character === '?' || character === ':') {
        flow = true;
        block ||= white(1);
      }
      continue;
    }
    if (',?[]{}'.includes(character)) flow = true;
    if (character === ':') {
      flow = true;
      block ||= white(i + 1);
    }
    if (character === '#' && WHITE.includes(text[i - 1]!)) flow = block = true;
  }
  return { flow, block };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\xa0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

/** Gives a character as it stands between double quotes, or undefined when it stands for itself. */
export function escapeOf(character: string, unicode: boolean): string | undefined {
  const code = character.codePointAt(0)!;
  const special = '"\\\x85\u2028\u2029\ufeff'.includes(character);
  const printable =
    (code >= 0x20 && code <= 0x7e) ||
    (unicode && ((code >= 0xa0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd)));
  if (!special && printable) return undefined;
  const short = ESCAPES[character];
  if (short !== undefined) return `\\${short}`;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
