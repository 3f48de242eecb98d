/** Arguments written as text: `src=a dest="b c"`, and the free text of `command` with options in it. */

import { ESCAPES } from '../source/index.ts';

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What a text of arguments holds: the pairs, and the text that is no pair. */
export interface SplitText {
  readonly pairs: Readonly<Record<string, string>>;
  readonly rest: string;
}

/** Options that command-like modules take out of their free text; everything else in it belongs to the command. */
const COMMAND_OPTIONS = [
  'chdir',
  'creates',
  'removes',
  'executable',
  'stdin',
  'stdin_add_newline',
  'strip_empty_ends',
  'warn',
];
const OPTIONS_IN_TEXT: Readonly<Record<string, readonly string[]>> = {
  command: COMMAND_OPTIONS,
  shell: COMMAND_OPTIONS,
  script: ['chdir', 'creates', 'removes', 'executable', 'decrypt', 'cmd'],
  raw: ['executable'],
};

/** `name=value`, as command-like modules have their options. */
const OPTION = /^([A-Za-z_][\w.-]*)=(?!=)([\s\S]*)$/;

/** `name=value` where the name may be, or hold, a template: `set_fact: "port_{{ name }}=80"`. */
const PAIR =
  /^((?:\{\{(?:(?!\}\})[\s\S])*\}\}|[A-Za-z_])(?:\{\{(?:(?!\}\})[\s\S])*\}\}|[\w.-])*)=(?!=)([\s\S]*)$/;

/**
 * Splits the text of a module's arguments. A command-like module keeps its text but for its own options;
 * any other gives every `key=value`, and what is left is the rest.
 */
export function splitArguments(module: string, text: string): SplitText {
  const options = Object.hasOwn(OPTIONS_IN_TEXT, module) ? OPTIONS_IN_TEXT[module] : undefined;
  const source = joinContinuedLines(text);
  const pairs: Record<string, string> = {};
  const rest: Word[] = [];
  let kept = '';
  let from = 0;
  for (const word of wordsOf(source)) {
    const pair = (options ? OPTION : PAIR).exec(word.text);
    const name = pair?.[1];
    if (name === undefined || (options && !options.includes(name))) {
      rest.push(word);
      continue;
    }
    pairs[name] = unquote(pair![2]!);
    kept += source.slice(from, word.start);
    from = word.end + (/^[ \t]+/.exec(source.slice(word.end))?.[0].length ?? 0);
  }
  kept += source.slice(from);
  return {
    pairs,
    rest: options
      ? kept.trimEnd().length === 0
        ? ''
        : trimmedLike(kept, text)
      : rest.map((w) => w.text).join(' '),
  };
}

/** A block text keeps its last newline; blanks around the command go. */
function trimmedLike(kept: string, original: string): string {
  const trimmed = kept.trim();
  return original.endsWith('\n') ? `${trimmed}\n` : trimmed;
}

/**
 * A backslash that stands alone at a line's end continues the line, outside quotes. Between the two is what the next line is
 * indented by, or one blank (measured with ansible-core 2.14); a backslash at the end of a word is left to the shell.
 * Where YAML has folded the lines into one, the backslash stands between blanks, and goes with one of them.
 */
function joinContinuedLines(text: string): string {
  if (!/(?:^|\s)\\(?:\s|$)/.test(text)) return text;
  let joined = '';
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    const alone = /^[ \t\n]?$/.test(text[i - 1] ?? '');
    if (quote === '' && letter === '\\' && alone && /^[ \t]?$/.test(text[i + 1] ?? '')) {
      i++;
      continue;
    }
    if (quote === '' && letter === '\\' && text[i + 1] === '\n' && alone) {
      const [indent = ''] = /^[ \t]*/.exec(text.slice(i + 2)) ?? [];
      joined = joined.replace(/[ \t]$/, '') + (text[i + 2] === '\n' ? '' : indent || ' ');
      i += 1 + indent.length;
      continue;
    }
    if (quote === '' && (letter === '"' || letter === "'")) quote = letter;
    else if (letter === quote && text[i - 1] !== '\\') quote = '';
    joined += letter;
  }
  return joined;
}

/** Splits at blanks that are outside of quotes and templates. */
function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let i = 0;
  while (i < text.length) {
    if (/\s/.test(text[i]!)) {
      i++;
      continue;
    }
    const start = i;
    i = endOfWord(text, i);
    words.push({ text: text.slice(start, i), start, end: i });
  }
  return words;
}

const TEMPLATE_ENDS: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '{#': '#}' };

function endOfWord(text: string, from: number): number {
  let quote = '';
  let i = from;
  while (i < text.length) {
    const letter = text[i]!;
    const templateEnd = TEMPLATE_ENDS[text.slice(i, i + 2)];
    if (templateEnd) {
      const end = text.indexOf(templateEnd, i + 2);
      i = end < 0 ? text.length : end + 2;
      continue;
    }
    if (letter === '\\' && quote !== "'") {
      i += 2;
      continue;
    }
    if (quote) {
      if (letter === quote) quote = '';
    } else if (letter === '"' || letter === "'") {
      quote = letter;
    } else if (/\s/.test(letter)) {
      break;
    }
    i++;
  }
  return Math.min(i, text.length);
}

/** Takes the quotes off a value that is wholly in them, and reads the escapes. */
function unquote(value: string): string {
  const quote = value[0];
  const quoted = value.length >= 2 && (quote === '"' || quote === "'") && value.endsWith(quote);
  const inner = quoted ? value.slice(1, -1) : value;
  return inner.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([nrtabfv\\"']))/g, (_, x, u, plain) =>
    plain ? ESCAPES[plain]! : String.fromCharCode(Number.parseInt(x ?? u, 16)),
  );
}
