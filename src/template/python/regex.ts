/**
 * Python's regular expressions, translated to JavaScript's. What has no counterpart is refused by name.
 *
 * A pattern that can backtrack badly (a repeated group that itself repeats or chooses) or that meets a long text runs
 * under a time limit, so that no pattern can hold the controller up.
 */
import { createContext, Script } from 'node:vm';
import { TemplateFault } from '../faults.ts';
import { type Translated, Translator } from './regex-translator.ts';

/** Flags of Python's `re` that templates can give. */
export interface RegexFlags {
  readonly ignoreCase?: boolean;
  readonly multiLine?: boolean;
  readonly dotAll?: boolean;
}

/** A translated pattern. */
export class Regex {
  readonly source: string;
  readonly flags: string;
  /** Numbers of the named groups, in the order of the pattern. */
  readonly groups: ReadonlyMap<string, number>;
  readonly count: number;
  private readonly risky: boolean;

  constructor(translated: Translated, flags: string) {
    this.source = translated.source;
    this.flags = flags;
    this.groups = translated.groups;
    this.count = translated.count;
    this.risky = translated.risky;
    try {
      new RegExp(this.source, `${flags}g`);
    } catch (error) {
      throw new TemplateFault(
        `the regular expression cannot be read: ${(error as Error).message.replace(/^Invalid regular expression: /, '')}`,
      );
    }
  }

  /** Gives every match, from the beginning to the end of the text. */
  all(text: string): RegExpExecArray[] {
    return limited(this.risky || text.length > 20_000, () => [
      ...text.matchAll(new RegExp(this.source, `${this.flags}g`)),
    ]);
  }

  /** Gives the first match, or undefined. */
  search(text: string): RegExpExecArray | undefined {
    return (
      limited(this.risky || text.length > 20_000, () => new RegExp(this.source, this.flags).exec(text)) ??
      undefined
    );
  }

  /** Gives the match at the beginning, or undefined. */
  match(text: string): RegExpExecArray | undefined {
    return (
      limited(this.risky || text.length > 20_000, () =>
        new RegExp(this.source, `${this.flags}y`).exec(text),
      ) ?? undefined
    );
  }
}

const TIME_LIMIT = 1000;
const context = createContext(Object.create(null));
const run = new Script('action()');

/** Runs an action; with a limit, in a context whose running time is watched: V8 stops its backtracking there. */
function limited<T>(isLimited: boolean, action: () => T): T {
  if (!isLimited) return action();
  context.action = action;
  try {
    return run.runInContext(context, { timeout: TIME_LIMIT }) as T;
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new TemplateFault('the regular expression takes more than a second', {
        hint: 'it backtracks too much: avoid a repeated group that itself repeats',
      });
    throw error;
  } finally {
    context.action = undefined;
  }
}

const cache = new Map<string, Regex>();

/** Translates a Python pattern. Throws TemplateFault for syntax that JavaScript does not have. */
export function compileRegex(pattern: string, flags: RegexFlags = {}): Regex {
  const letters = `u${flags.ignoreCase ? 'i' : ''}${flags.multiLine ? 'm' : ''}${flags.dotAll ? 's' : ''}`;
  const key = `${letters}/${pattern}`;
  let found = cache.get(key);
  if (!found) {
    const translated = new Translator(pattern, letters.includes('m'), letters.includes('s')).translate();
    const all = [...new Set(letters + translated.flags)].join('');
    found = new Regex(
      translated.flags.includes('m') && !letters.includes('m')
        ? new Translator(pattern, true, letters.includes('s')).translate()
        : translated,
      all,
    );
    if (cache.size > 2000) cache.clear();
    cache.set(key, found);
  }
  return found;
}

/** Expands a replacement text of Python's `re.sub` (`\1`, `\g<1>`, `\g<name>`, `\n`) for one match. */
export function expandReplacement(template: string, match: RegExpExecArray, regex: Regex): string {
  if (!template.includes('\\')) return template;
  return template.replace(
    /\\(?:g<([^>]*)>|([1-9]\d?)|(0[0-7]{0,2})|([\s\S]))/g,
    (whole, name, number, octal, character) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (character !== undefined) return simpleEscape(whole, character);
      const wanted = number ?? name;
      const index = /^\d+$/.test(wanted) ? Number(wanted) : regex.groups.get(wanted);
      if (index === undefined) throw new TemplateFault(`the replacement names an unknown group "${wanted}"`);
      if (index > regex.count)
        throw new TemplateFault(`the replacement names group ${index}, the expression has ${regex.count}`);
      return match[index] ?? '';
    },
  );
}

function simpleEscape(whole: string, character: string): string {
  const known = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07', b: '\b', '\\': '\\' }[character];
  if (known !== undefined) return known;
  if (/[A-Za-z]/.test(character))
    throw new TemplateFault(`the replacement holds the bad escape \\${character}`);
  return whole;
}
