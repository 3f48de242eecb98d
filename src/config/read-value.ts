import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { didYouMean } from '../errors/index.ts';
import type { Definition } from './settings.ts';

/** Where a text was written, as far as its meaning depends on it. */
export interface ValuePlace {
  /** Relative paths start here: beside the file, or the working folder for the environment. */
  readonly folder: string;
  readonly cwd: string;
  readonly home: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Gives a setting's value from its text. Throws Error with a sentence that says what it must be. */
export function readValue(definition: Definition, raw: string, place: ValuePlace): unknown {
  const text = unquote(raw);
  switch (definition.kind) {
    case 'flag':
      return readFlag(text);
    case 'integer':
      return readInteger(text, definition.least ?? 0);
    case 'text':
      return text;
    case 'path':
      return readPath(text, place);
    case 'search path':
      return text
        .split(/[:\n]/)
        .filter(isFilled)
        .map((part) => readPath(part, place));
    case 'path list':
      // A list of hosts, not of files: `ANSIBLE_INVENTORY=web1,`.
      if (text.trimEnd().endsWith(',')) return [text.trim()];
      return text
        .split(',')
        .filter(isFilled)
        .map((part) => readPath(part, place));
    case 'list':
      return text
        .split(/[,\n]/)
        .map((part) => part.trim())
        .filter(isFilled);
    case 'choice':
      if (definition.choices?.includes(text)) return text;
      throw new Error(
        `must be one of ${definition.choices?.join(', ')}, not "${text}"${suggestion(text, definition.choices ?? [])}`,
      );
  }
}

function readFlag(text: string): boolean {
  if (/^(?:y|yes|on|1|true|t|1\.0)$/i.test(text)) return true;
  if (/^(?:n|no|off|0|false|f|0\.0|)$/i.test(text)) return false;
  throw new Error(`must be true or false, not "${text}"`);
}

function readInteger(text: string, least: number): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(number) && number >= least) return number;
  throw new Error(`must be a whole number of at least ${least}, not "${text}"`);
}

function readPath(text: string, place: ValuePlace): string {
  const expanded = text
    .trim()
    .replaceAll('{{CWD}}', place.cwd)
    .replace(/^~(?=\/|$)/, place.home ?? homedir())
    .replace(/\$(?:(\w+)|\{(\w+)\})/g, (whole, plain, braced) => place.env[plain ?? braced] ?? whole);
  return resolve(place.folder, expanded);
}

/** One pair of quotes around the whole value does not count, as in Ansible. */
function unquote(text: string): string {
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  return quoted && !quoted[2]!.includes(quoted[1]!) ? quoted[2]! : text;
}

function isFilled(text: string): boolean {
  return text.trim() !== '';
}

function suggestion(text: string, choices: readonly string[]): string {
  const hint = didYouMean(text, choices);
  return hint === undefined ? '' : ` (${hint})`;
}
