/**
 * Where things stand in a TOML text. The parser says what a text means, this says which lines say it, so that additions can go
 * next to what they belong to. It relies on the text having been parsed without error.
 */

/** A path from the root: names, and indexes of array elements. */
export type KeyPath = readonly (string | number)[];

/** One logical line; a value that spans lines is one. */
export interface Statement {
  readonly kind: 'table' | 'element' | 'pair' | 'comment' | 'blank';
  /** Offsets; the line end is included. */
  readonly start: number;
  readonly end: number;
  /** Whole path of what it opens or sets. */
  readonly path: KeyPath;
  /** Path of the section that it stands in. */
  readonly section: KeyPath;
}

/** Gives every logical line of a text. */
export function scanToml(text: string): Statement[] {
  const statements: Statement[] = [];
  const counts = new Map<string, number>();
  let section: KeyPath = [];
  for (let start = 0; start < text.length; ) {
    const first = skipBlanks(text, start);
    const char = text[first];
    if (char === undefined || char === '\n' || char === '\r' || char === '#') {
      const end = lineEnd(text, first);
      statements.push({ kind: char === '#' ? 'comment' : 'blank', start, end, path: [], section });
      start = end;
      continue;
    }
    const element = text.startsWith('[[', first);
    if (char === '[') {
      const { key, next } = readKey(text, first + (element ? 2 : 1));
      section = element ? nextElement(key, counts) : resolve(key, counts);
      const end = lineEnd(text, next);
      statements.push({ kind: element ? 'element' : 'table', start, end, path: section, section });
      start = end;
      continue;
    }
    const { key, next } = readKey(text, first);
    const end = valueEnd(text, text.indexOf('=', next) + 1);
    statements.push({ kind: 'pair', start, end, path: [...section, ...key], section });
    start = end;
  }
  return statements;
}

/** Names that stand for array elements so far mean the last one. */
function resolve(key: readonly string[], counts: ReadonlyMap<string, number>): KeyPath {
  const path: (string | number)[] = [];
  for (const name of key) {
    path.push(name);
    const count = counts.get(JSON.stringify(path));
    if (count !== undefined) path.push(count - 1);
  }
  return path;
}

function nextElement(key: readonly string[], counts: Map<string, number>): KeyPath {
  const array = [...resolve(key.slice(0, -1), counts), key.at(-1)!];
  const name = JSON.stringify(array);
  const count = counts.get(name) ?? 0;
  counts.set(name, count + 1);
  return [...array, count];
}

/** Reads a key, dotted and quoted as it may be. Gives where it ends. */
function readKey(text: string, from: number): { key: string[]; next: number } {
  const key: string[] = [];
  for (let at = skipBlanks(text, from); ; ) {
    const quote = text[at];
    if (quote === '"' || quote === "'") {
      const close = stringEnd(text, at);
      const raw = text.slice(at + 1, close - 1);
      key.push(quote === "'" ? raw : unescaped(raw));
      at = close;
    } else {
      const bare = /^[A-Za-z0-9_-]+/.exec(text.slice(at))?.[0] ?? '';
      key.push(bare);
      at += bare.length;
    }
    at = skipBlanks(text, at);
    if (text[at] !== '.') return { key, next: at };
    at = skipBlanks(text, at + 1);
  }
}

function unescaped(raw: string): string {
  const plain: Readonly<Record<string, string>> = {
    b: '\b',
    t: '\t',
    n: '\n',
    f: '\f',
    r: '\r',
    '"': '"',
    '\\': '\\',
  };
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/g, (whole, short, long, char) =>
    char === undefined ? String.fromCodePoint(Number.parseInt(short ?? long, 16)) : (plain[char] ?? whole),
  );
}

/** The end of the line on which the value that begins here ends. */
function valueEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"' || char === "'") at = stringEnd(text, at) - 1;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    else if (char === '#') at = lineEnd(text, at) - (text[lineEnd(text, at) - 1] === '\n' ? 2 : 1);
    else if (char === '\n' && depth === 0) return at + 1;
  }
  return text.length;
}

/** The offset after a string that begins here, of one line or many. */
function stringEnd(text: string, from: number): number {
  const quote = text[from]!;
  const mark = text.startsWith(quote.repeat(3), from) ? quote.repeat(3) : quote;
  for (let at = from + mark.length; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') at++;
    else if (text.startsWith(mark, at)) {
      let end = at + mark.length;
      // Up to two quotes may belong to the text, right before the closing three.
      while (mark.length === 3 && text[end] === quote) end++;
      return end;
    }
  }
  return text.length;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\ufeff') at++;
  return at;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}
