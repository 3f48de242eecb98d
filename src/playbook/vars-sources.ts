import { positionOf } from '../source/index.ts';
import { isMapping } from '../values/index.ts';
import { kindOf, type Reading, suggest } from './reading.ts';
import { checkName } from './shapes.ts';
import type { VarsPrompt, Written } from './types.ts';

type Data = Readonly<Record<string, unknown>>;

const PROMPT_KEYS = [
  'name',
  'prompt',
  'private',
  'default',
  'confirm',
  'encrypt',
  'salt_size',
  'salt',
  'unsafe',
];

/** Reads `vars_files`: names, and lists of names of which the first existing one counts. */
export function readVarsFiles(reading: Reading, data: Data): readonly Written[] {
  const value = data.vars_files;
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const entries = list.map((entry, index) => ({
    value: entry,
    at: positionOf(list, index) ?? positionOf(data, 'vars_files'),
  }));
  return entries.filter(({ value: entry, at }) => {
    const fine =
      typeof entry === 'string' || (Array.isArray(entry) && entry.every((name) => typeof name === 'string'));
    if (fine) reading.templates(entry, at);
    else if (entry !== null)
      reading.fail(
        `an entry of "vars_files" must be a file name or a list of them, not ${kindOf(entry)}`,
        at,
      );
    return fine;
  });
}

/** Reads `vars_prompt`. */
export function readVarsPrompt(reading: Reading, data: Data): readonly VarsPrompt[] {
  const value = data.vars_prompt;
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    reading.fail(`"vars_prompt" must be a list, not ${kindOf(value)}`, positionOf(data, 'vars_prompt'));
    return [];
  }
  return value.flatMap((entry, index) => readPrompt(reading, entry, positionOf(value, index)) ?? []);
}

function readPrompt(reading: Reading, entry: unknown, at: Written['at']): VarsPrompt | undefined {
  if (!isMapping(entry) || entry.name === undefined) {
    reading.fail('an entry of "vars_prompt" needs a "name"', at);
    return undefined;
  }
  for (const key of Object.keys(entry)) {
    if (!PROMPT_KEYS.includes(key))
      reading.fail(
        `"${key}" is not a keyword of vars_prompt`,
        positionOf(entry, key, 'key'),
        suggest(key, PROMPT_KEYS),
      );
  }
  if (!checkName(reading, entry.name, positionOf(entry, 'name'))) return undefined;
  const text = (key: string) =>
    entry[key] === undefined || entry[key] === null ? undefined : String(entry[key]);
  return {
    name: String(entry.name),
    prompt: text('prompt') ?? `${entry.name}`,
    private: entry.private === undefined || isYes(entry.private),
    default: text('default'),
    confirm: isYes(entry.confirm),
    encrypt: text('encrypt'),
    saltSize: entry.salt_size === undefined ? undefined : Number(entry.salt_size),
    salt: text('salt'),
    unsafe: isYes(entry.unsafe),
  };
}

function isYes(value: unknown): boolean {
  return value === true || /^(?:yes|true|on|1)$/i.test(String(value));
}
