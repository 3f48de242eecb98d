import { numberOf } from '../sql/numbers.ts';

/** Gives a value as PostgreSQL shows it as what its type makes of it. */
export function valueOfType(text: string, type: string): unknown {
  if (type.endsWith('[]')) return arrayOf(text, type.slice(0, -2));
  const kind = type.replace(/\([^)]*\)/, '');
  switch (kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'oid':
    case 'numeric':
    case 'real':
    case 'double precision':
      return numberOf(text);
    case 'boolean':
      return text === 't';
    case 'json':
    case 'jsonb':
      return JSON.parse(text);
    case 'timestamp without time zone':
      return moment(text);
    case 'timestamp with time zone':
      return moment(text).replace(/([+-]\d\d)$/, '$1:00');
    default:
      return text;
  }
}

/** With `T`, and a fraction of six digits where there is one. */
function moment(text: string): string {
  return text.replace(' ', 'T').replace(/\.\d+/, (fraction) => fraction.padEnd(7, '0'));
}

/** Reads `{1,"a b",NULL,{...}}`. */
function arrayOf(text: string, type: string): unknown[] {
  const tokens = text.matchAll(/\{|\}|"((?:\\[\s\S]|[^"\\])*)"|[^,{}"]+/g);
  const stack: unknown[][] = [[]];
  for (const { 0: token, 1: quoted } of tokens) {
    const top = stack.at(-1)!;
    if (token === '{') {
      const inner: unknown[] = [];
      top.push(inner);
      stack.push(inner);
    } else if (token === '}') stack.pop();
    else if (quoted !== undefined) top.push(valueOfType(quoted.replace(/\\([\s\S])/g, '$1'), type));
    else top.push(token === 'NULL' ? null : valueOfType(token, type));
  }
  return stack[0]![0] as unknown[];
}
