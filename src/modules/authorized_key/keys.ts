/** One line of authorized_keys(8): options, kind and data of the key, comment. */
export interface KeyLine {
  readonly options: string;
  readonly kind: string;
  readonly data: string;
  readonly comment: string;
}

const KINDS = /^(?:(?:sk-)?ssh-[\w@.-]+|(?:sk-)?ecdsa-[\w@.-]+)$/;

/** Reads a line; undefined for comments, empty lines and what is no key. */
export function readKey(line: string): KeyLine | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const words = splitWords(text);
  const at = words.findIndex((word) => KINDS.test(word));
  if (at < 0 || at > 1 || words[at + 1] === undefined) return undefined;
  return {
    options: at === 1 ? words[0]! : '',
    kind: words[at]!,
    data: words[at + 1]!,
    comment: words.slice(at + 2).join(' '),
  };
}

/** Gives the line of a key. */
export function writeKey({ options, kind, data, comment }: KeyLine): string {
  return [options, kind, data, comment].filter((part) => part !== '').join(' ');
}

/** The line of a key that was not there: a blank stands where its comment would begin, as Ansible writes it, so that the files are the same. */
const newLine = (key: KeyLine) => `${writeKey(key)}${key.comment === '' ? ' ' : ''}`;

/** What shall become of the keys of a file. */
export interface KeyWish {
  readonly keys: readonly KeyLine[];
  readonly present: boolean;
  /** No other keys may stay. */
  readonly exclusive: boolean;
}

/**
 * Gives the text of the file with the wish fulfilled. Other lines (keys, comments, empty ones) stay, unless the wish is
 * exclusive; a key that gets other options or another comment goes to the end, as with Ansible.
 */
export function withKeys(text: string, wish: KeyWish): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const open = new Map(wish.keys.map((key) => [`${key.kind} ${key.data}`, key]));
  const kept: string[] = [];
  for (const line of lines) {
    const known = readKey(line);
    const id = known && `${known.kind} ${known.data}`;
    const wanted = id === undefined ? undefined : open.get(id);
    if (!known || !wanted) {
      if (!wish.exclusive) kept.push(line);
    } else if (wish.present && writeKey(known) === writeKey(wanted)) {
      open.delete(id!);
      kept.push(line);
    }
  }
  if (wish.present) kept.push(...[...open.values()].map(newLine));
  return kept.length === 0 ? '' : `${kept.join('\n')}\n`;
}

/** Blanks inside quotes belong to options such as `command="a b"`. */
function splitWords(text: string): string[] {
  return text.match(/(?:[^\s"]|"(?:\\.|[^"\\])*")+/g) ?? [];
}
