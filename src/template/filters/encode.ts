/** Filters that write and read JSON, YAML, base64 and URLs. */

import { describeError, ErrorList } from '../../errors/index.ts';
import { parseYamlDocuments } from '../../source/index.ts';
import { isMapping, keyOf, mapValues, namesOf, UnsafeText, VaultText } from '../../values/index.ts';
import { TemplateFault } from '../faults.ts';
import { dumpJson } from '../python/json.ts';

import { iterate } from '../python/logic.ts';
import { readJson } from '../python/read-json.ts';
import { str } from '../python/text.ts';
import { dumpYaml } from '../python/yaml.ts';
import { type Args, type Routines, routine } from '../routine.ts';

function toJson(value: unknown, args: Args): string {
  const indent = args.optionalInt('indent');
  const separators = args.get('separators');
  const [itemSeparator, keySeparator] = Array.isArray(separators) ? separators.map(str) : [];
  return dumpJson(value, {
    indent: indent === undefined ? undefined : Math.min(indent, 100),
    sortKeys: args.flag('sort_keys'),
    ensureAscii: args.flag('ensure_ascii'),
    ...(itemSeparator === undefined ? {} : { itemSeparator }),
    ...(keySeparator === undefined ? {} : { keySeparator }),
  });
}

function fromYaml(value: unknown, args: Args): unknown[] {
  if (typeof value !== 'string') return [value];
  try {
    const documents = parseYamlDocuments({ text: value, file: 'the text', kind: 'template' });
    return documents.map((document) => plain(document ?? null, args));
  } catch (error) {
    if (error instanceof ErrorList) return args.fail(describeError(error.errors[0]));
    throw new TemplateFault(describeError(error));
  }
}

/** Texts read from YAML are data: `!unsafe` and `!vault` marks become their text. */
function plain(value: unknown, args: Args): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, args));
  if (value instanceof UnsafeText || value instanceof VaultText) return args.run.open(value);
  if (!isMapping(value)) return value;
  return mapValues(value, (item) => plain(item, args));
}

function encodingOf(args: Args): BufferEncoding {
  const name = args.text('encoding').toLowerCase().replace('_', '-');
  const known = {
    'utf-8': 'utf8',
    utf8: 'utf8',
    ascii: 'latin1',
    'us-ascii': 'latin1',
    'latin-1': 'latin1',
    latin1: 'latin1',
    'iso-8859-1': 'latin1',
    'utf-16-le': 'utf16le',
    'utf-16le': 'utf16le',
  }[name] as BufferEncoding | undefined;
  return known ?? args.refuse('encoding', `"${args.text('encoding')}" is not known`);
}

/** Quotes a text for a URL, leaving the characters of `safe` as they are. */
function quoteUrl(text: string, safe: string): string {
  const kept = new Set(
    Array.from(`ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~${safe}`),
  );
  return Array.from(text, (character) => {
    if (kept.has(character)) return character;
    return Array.from(
      Buffer.from(character),
      (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join('');
  }).join('');
}

function urlencode(value: unknown): string {
  if (typeof value === 'string' || typeof value !== 'object' || value === null)
    return quoteUrl(str(value), '/');
  const pairs = isMapping(value)
    ? namesOf(value).map((name) => [keyOf(value, name), value[name]])
    : iterate(value).map((pair) => iterate(pair));
  const encode = (part: unknown): string => quoteUrl(str(part), ' ').replaceAll(' ', '+');
  return pairs.map(([key, entry]) => `${encode(key)}=${encode(entry)}`).join('&');
}

const HTML_SAFE: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  "'": '\\u0027',
};

/** Filters by name. */
export const ENCODE_FILTERS: Routines = {
  b64decode: routine('encoding="utf-8"', (value, args) =>
    decodeBase64(str(value), args).toString(encodingOf(args)),
  ),
  b64encode: routine('encoding="utf-8"', (value, args) =>
    Buffer.from(str(value), encodingOf(args)).toString('base64'),
  ),
  from_json: routine('', (value) => (typeof value === 'string' ? readJson(value) : value)),
  from_yaml: routine('', (value, args) => fromYaml(value, args)[0] ?? null),
  from_yaml_all: routine('', (value, args) => (typeof value === 'string' ? fromYaml(value, args) : value)),
  to_json: routine(
    'indent=null sort_keys=false ensure_ascii=true separators=null vault_to_text=false preprocess_unsafe=false',
    toJson,
  ),
  to_nice_json: routine(
    'indent=4 sort_keys=true ensure_ascii=true separators=null vault_to_text=false preprocess_unsafe=false',
    toJson,
  ),
  to_nice_yaml: routine(
    'indent=4 default_flow_style=false width=80 sort_keys=true allow_unicode=true explicit_start=false explicit_end=false',
    (value, args) => dumpYaml(value, yamlLayout(args)),
  ),
  to_yaml: routine(
    'default_flow_style=null indent=2 width=80 sort_keys=true allow_unicode=true explicit_start=false explicit_end=false',
    (value, args) => dumpYaml(value, yamlLayout(args)),
  ),
  tojson: routine('indent=null', (value, args) => toHtmlJson(value, args)),
  urlencode: routine('', urlencode),
  urldecode: routine('', (value) => decodeUrl(str(value))),
};

/** As Python reads it: what is no letter of the alphabet does not count, and the padding must be there. */
function decodeBase64(text: string, args: Args): Buffer {
  const [letters = '', padding = ''] = /^([^=]*)(=*)/.exec(text.replace(/[^A-Za-z0-9+/=]/g, '')) ?? [];
  const over = letters.length % 4;
  if (over === 1 || (over > 0 && padding.length < 4 - over))
    args.fail('Invalid base64-encoded string: incorrect padding');
  return Buffer.from(letters, 'base64');
}

const toHtmlJson = (value: unknown, args: Args): string =>
  dumpJson(value, { indent: args.optionalInt('indent'), sortKeys: true }).replace(
    /[<>&']/g,
    (character) => HTML_SAFE[character]!,
  );

function decodeUrl(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[\da-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

function yamlLayout(args: Args): Parameters<typeof dumpYaml>[1] {
  const flow = args.get('default_flow_style');
  return {
    indent: Math.min(Math.max(args.int('indent'), 1), 100),
    width: args.get('width') === null ? 80 : args.int('width'),
    flow: flow === null ? 'leaves' : args.flag('default_flow_style') ? 'all' : 'none',
    sortKeys: args.flag('sort_keys'),
    unicode: args.flag('allow_unicode'),
    explicitStart: args.flag('explicit_start'),
    explicitEnd: args.flag('explicit_end'),
  };
}
