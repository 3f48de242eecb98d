/** How a file of values is written, as Python's csv module has it. */
export interface Dialect {
  readonly delimiter: string;
  /** Spaces behind the delimiter do not count. */
  readonly skipsSpace: boolean;
  /** What is no good CSV is an error. */
  readonly strict: boolean;
}

/** Reads rows; rows without anything in them are left out. Gives a text that says why not when `strict` finds something. */
export function readRows(text: string, { delimiter, skipsSpace, strict }: Dialect): string[][] | string {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  // Where the field stands: before it, in it, between quotes, behind them.
  let place: 'before' | 'plain' | 'quoted' | 'behind' = 'before';
  const endField = () => {
    row.push(field);
    field = '';
    place = 'before';
  };
  const endRow = () => {
    if (row.length > 0 || field !== '' || place !== 'before') {
      endField();
      rows.push(row);
    }
    row = [];
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (place === 'quoted') {
      if (letter !== '"') field += letter;
      else if (text[at + 1] === '"') field += text[at++];
      else place = 'behind';
    } else if (letter === delimiter) endField();
    else if (letter === '\n' || letter === '\r') endRow();
    else if (letter === '"' && place === 'before') place = 'quoted';
    else if (letter === ' ' && place === 'before' && skipsSpace) continue;
    else {
      if (strict && place === 'behind') return `'${delimiter}' expected after '"'`;
      field += letter;
      place = 'plain';
    }
  }
  if (strict && place === 'quoted') return 'unexpected end of data';
  endRow();
  return rows;
}
