import type { SourcePosition } from '../errors/index.ts';

/** One `key = value` of an ini file. */
export interface CfgEntry {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  readonly position: SourcePosition;
}

/** What stands in an ini file, and the lines that could not be read. */
export interface CfgFile {
  readonly entries: readonly CfgEntry[];
  readonly strays: readonly { readonly line: string; readonly position: SourcePosition }[];
}

/**
 * Reads the ini dialect of Python's configparser (https://docs.python.org/3/library/configparser.html): `=` or `:`, keys in any
 * case, `#` and `;` comments on lines of their own, ` ;` comments behind values, and values that go on in indented lines.
 */
export function parseCfg(text: string, file: string): CfgFile {
  const entries: CfgEntry[] = [];
  const strays: CfgFile['strays'][number][] = [];
  let section = '';
  let open = false;
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.replace(/\s;.*$/, '').trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) {
      if (line === '') open = false;
      return;
    }
    const column = raw.length - raw.trimStart().length + 1;
    const position = { file, line: index + 1, column };
    const last = entries.at(-1);
    if (open && column > 1 && last) {
      entries[entries.length - 1] = { ...last, value: `${last.value}\n${line}`.trim() };
      return;
    }
    const header = /^\[([^\]]+)\]$/.exec(line);
    const pair = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line);
    open = pair !== null && !header;
    if (header) section = header[1]!;
    else if (pair) entries.push({ section, key: pair[1]!.toLowerCase(), value: pair[2]!, position });
    else strays.push({ line, position });
  });
  return { entries, strays };
}
