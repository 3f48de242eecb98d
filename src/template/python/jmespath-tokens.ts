/** The tokens of JMESPath. */
import { TemplateFault } from '../faults.ts';
import { readJson } from './read-json.ts';

/** A token. */
export interface Token {
  readonly kind: 'name' | 'quoted' | 'literal' | 'raw' | 'number' | 'symbol' | 'end';
  readonly text: string;
}

const TOKEN =
  /\s*(?:([A-Za-z_]\w*)|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`|'((?:[^'\\]|\\.)*)'|(-?\d+)|(\[\]|\[\?|\|\||&&|==|!=|<=|>=|[.*[\]{}(),:@&|<>!]))/y;

/** Cuts a query into tokens. Throws TemplateFault for what is none. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [, name, quoted, literal, raw, number, symbol] = match;
    end = TOKEN.lastIndex;
    if (name !== undefined) found.push({ kind: 'name', text: name });
    else if (quoted !== undefined) found.push({ kind: 'quoted', text: String(readJson(`"${quoted}"`)) });
    else if (literal !== undefined) found.push({ kind: 'literal', text: literal.replaceAll('\\`', '`') });
    else if (raw !== undefined) found.push({ kind: 'raw', text: raw.replaceAll("\\'", "'") });
    else if (number !== undefined) found.push({ kind: 'number', text: number });
    else found.push({ kind: 'symbol', text: symbol! });
  }
  if (text.slice(end).trim() !== '')
    throw new TemplateFault(`the query cannot be read at "${text.slice(end).trim().slice(0, 20)}"`);
  found.push({ kind: 'end', text: 'its end' });
  return found;
}
