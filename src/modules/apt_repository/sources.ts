/** One line of a sources.list(5). */
interface SourceLine {
  readonly enabled: boolean;
  /** The entry with single blanks, or whatever else stands there. */
  readonly source: string;
  readonly comment: string;
  readonly isEntry: boolean;
}

/** Gives an entry the way lines of a file are compared: single blanks, no comment. Undefined when it is none. */
export function entryOf(repo: string): string | undefined {
  const line = readLine(repo);
  return line.enabled && line.isEntry && line.source.split(' ').length > 2 ? line.source : undefined;
}

/** Whether the text has the entry: switched on, or only as a comment. */
export function findEntry(text: string, entry: string): 'enabled' | 'disabled' | undefined {
  const found = linesIn(text).filter(({ isEntry, source }) => isEntry && source === entry);
  if (found.length === 0) return undefined;
  return found.some(({ enabled }) => enabled) ? 'enabled' : 'disabled';
}

/** Switches the entry on where it stands as a comment. */
export function enableEntry(text: string, entry: string): string {
  return written(
    linesIn(text).map((line) => (line.isEntry && line.source === entry ? { ...line, enabled: true } : line)),
  );
}

/** Puts the entry at the end. */
export function addEntry(text: string, entry: string): string {
  return written([...linesIn(text), { enabled: true, source: entry, comment: '', isEntry: true }]);
}

/** Takes the entry out, wherever it is switched on. */
export function removeEntry(text: string, entry: string): string {
  return written(linesIn(text).filter((line) => !(line.enabled && line.isEntry && line.source === entry)));
}

/** Gives the name of the file for an entry, made from its address without scheme and password. */
export function fileNameOf(entry: string): string {
  const address = entry
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\w+:\/\//g, '')
    .split(/\s+/)[1]!;
  return address
    .replace(/^.*@/, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

function linesIn(text: string): SourceLine[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n').map(readLine);
}

function readLine(raw: string): SourceLine {
  const line = raw.trim();
  const enabled = !line.startsWith('#');
  const [, said, comment = ''] = /^([^#]*)(?:#(.*))?$/s.exec(enabled ? line : line.slice(1)) ?? [];
  const words = said!.trim().split(/\s+/);
  const isEntry = (words[0] === 'deb' || words[0] === 'deb-src') && words.length > 1;
  return {
    enabled,
    source: isEntry ? words.join(' ') : said!.trim(),
    comment: comment.trim(),
    isEntry,
  };
}

function written(lines: readonly SourceLine[]): string {
  return lines
    .map(({ enabled, source, comment }) => {
      const said = comment === '' ? source : `${source} # ${comment}`;
      return `${enabled ? '' : '# '}${said}\n`;
    })
    .join('');
}
