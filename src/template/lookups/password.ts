/** The `password` lookup: a random password that is kept in a file of the controller, so that the next run finds the same one. */
import { randomInt } from 'node:crypto';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { hashPassword, randomSalt, usualIdent } from '../python/password-hash.ts';
import { SYSTEM_RANDOM, seededRandom } from '../python/random.ts';
import { str } from '../python/text.ts';
import { expandHome } from '../tests/files.ts';
import { type LookupCall, type Lookups, lookup } from './lookup.ts';

const SETS: Readonly<Record<string, string>> = {
  ascii_letters: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ascii_lowercase: 'abcdefghijklmnopqrstuvwxyz',
  ascii_uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digits: '0123456789',
  hexdigits: '0123456789abcdefABCDEF',
  octdigits: '01234567',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
  whitespace: ' \t\n\r\v\f',
};

interface Wish {
  readonly path: string;
  readonly length: number;
  readonly characters: string;
  readonly encrypt: string | undefined;
  readonly ident: string | undefined;
  readonly seed: string | undefined;
}

/** Gives the letters that a list of sets (`ascii_letters,digits,.,,`) names; `,,` is a comma. */
function characters(value: unknown): string {
  const names = Array.isArray(value)
    ? value.map(str)
    : str(value)
        .replaceAll(',,', ',\0')
        .split(',')
        .map((name) => name.replaceAll('\0', ','));
  const all = names.map((name) => (Object.hasOwn(SETS, name) ? SETS[name] : name)).join('');
  return [...new Set(Array.from(all))].join('');
}

function readWish(term: string, call: LookupCall): Wish {
  const [path = '', ...rest] = term.split(/\s+(?=\w+=)/);
  const options: Record<string, unknown> = { ...call.options };
  for (const pair of rest) {
    const [key = '', ...value] = pair.split('=');
    options[key] = value.join('=');
  }
  const stray = Object.keys(options).find(
    (key) => !['length', 'chars', 'encrypt', 'ident', 'seed'].includes(key),
  );
  if (stray !== undefined)
    call.fail(
      `Unrecognized parameter(s) given to password lookup: ${stray}`,
      'it takes length, chars, encrypt, ident, seed',
    );
  const length = options.length === undefined ? 20 : Number(str(options.length));
  if (!Number.isInteger(length) || length < 1 || length > 10_000)
    call.fail('length must be a whole number from 1 to 10,000');
  const encrypt =
    options.encrypt === true || options.encrypt === 'True' || options.encrypt === 'true'
      ? 'md5_crypt'
      : options.encrypt
        ? str(options.encrypt)
        : undefined;
  const letters = characters(options.chars ?? 'ascii_letters,digits,.,,:-_');
  if (letters === '') call.fail('chars is empty');
  return {
    path,
    length,
    characters: letters,
    encrypt,
    ident: options.ident === undefined ? encrypt && usualIdent(encrypt) : str(options.ident),
    seed: options.seed === undefined ? undefined : str(options.seed),
  };
}

/** The file is beside the playbook unless its path is absolute. */
function place(path: string, call: LookupCall): string {
  const expanded = expandHome(path);
  if (isAbsolute(expanded)) return expanded;
  const folders = call.context.searchPath('');
  const known = folders
    .map((folder) => join(folder, expanded))
    .find((candidate) => readOrNothing(candidate) !== undefined);
  return known ?? join(folders.at(-1) ?? '.', expanded);
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function make(wish: Wish): string {
  const source = wish.seed === undefined ? SYSTEM_RANDOM : seededRandom(wish.seed);
  return Array.from(
    { length: wish.length },
    () => wish.characters[source.below(wish.characters.length)],
  ).join('');
}

/** Writes a new file; false when another run was faster. */
function writeNew(path: string, text: string): boolean {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, text);
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false;
    throw error;
  }
}

function password(call: LookupCall): unknown[] {
  return call.terms.map((term) => {
    const wish = readWish(str(term), call);
    if (wish.path === '/dev/null') return remember(call, finish(make(wish), undefined, wish, call).result);
    call.effects();
    const path = place(wish.path, call);
    let stored = readOrNothing(path);
    if (stored === undefined) {
      const made = finish(make(wish), undefined, wish, call);
      if (writeNew(path, `${made.line}\n`)) return remember(call, made.result);
      stored = readOrNothing(path) ?? '';
    }
    const [, text = '', salt, ident] = /^([\s\S]*?)(?: salt=(\S*))?(?: ident=(\S*))?\s*$/.exec(stored) ?? [];
    const kept = finish(text, salt, { ...wish, ident: ident ?? wish.ident }, call);
    if (wish.encrypt !== undefined && salt === undefined) replace(path, `${kept.line}\n`);
    return remember(call, kept.result);
  });
}

function replace(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  writeSync(file, text);
  closeSync(file);
  chmodSync(path, 0o600);
}

/** Gives what is stored, with the salt of an encrypted password, and what the lookup answers. */
function finish(
  text: string,
  salt: string | undefined,
  wish: Wish,
  call: LookupCall,
): { line: string; result: string } {
  if (wish.encrypt === undefined) return { line: text, result: text };
  const { encrypt: kind, ident } = wish;
  const used = salt ?? randomSalt(kind);
  return {
    line: `${text} salt=${used}${ident === undefined ? '' : ` ident=${ident}`}`,
    result: hashPassword(text, { kind, salt: used, ident }, (message, hint) => call.fail(message, hint)),
  };
}

function remember(call: LookupCall, secret: string): string {
  call.run.around.secrets.add(secret);
  return secret;
}

/** Lookups by name. */
export const PASSWORD_LOOKUPS: Lookups = {
  password: lookup('length chars encrypt ident seed', password),
  random_string: lookup('*', (call) => {
    const length = Number(call.text('length', '8'));
    if (!Number.isInteger(length) || length < 0 || length > 10_000)
      call.fail('length must be a whole number up to 10,000');
    let letters = call.text('override_all', '');
    if (letters === '') {
      if (call.flag('lower', true)) letters += SETS.ascii_lowercase;
      if (call.flag('upper', true)) letters += SETS.ascii_uppercase;
      if (call.flag('numbers', true)) letters += SETS.digits;
      if (call.flag('special', true)) letters += call.text('override_special', SETS.punctuation!);
    }
    return [remember(call, Array.from({ length }, () => letters[randomInt(letters.length)]).join(''))];
  }),
};
