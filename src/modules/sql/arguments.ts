/** Statements with places for values, as Python's database libraries take them: `%s`, `%(name)s`, `%%`. */
import { z } from 'zod';
import { list, mapping } from '../params.ts';

/** Parameters of modules that run statements. */
export const argumentParams = {
  query: z
    .union([z.string(), z.array(z.string())], {
      error: 'must be a text or a list of texts',
    })
    .describe('The statement, or a list of them.'),
  positional_args: list.optional().describe('Values for the places `%s`, in order.'),
  named_args: mapping.optional().describe('Values for the places `%(name)s`.'),
} as const;

/** What fills the places. */
export interface Arguments {
  readonly positional_args?: readonly unknown[] | undefined;
  readonly named_args?: Readonly<Record<string, unknown>> | undefined;
}

/** Gives what is wrong when both kinds of arguments are there. */
export function clash(given: Arguments): string | undefined {
  return given.positional_args !== undefined && given.named_args !== undefined
    ? 'parameters are mutually exclusive: positional_args|named_args'
    : undefined;
}

/** A statement with its places filled, or why they cannot be. */
export type Filled = { readonly sql: string } | { readonly fault: string };

/** Fills the places of a statement. Without arguments a `%` means itself. `literal` writes a value. */
export function fillIn(query: string, given: Arguments, literal: (value: unknown) => string): Filled {
  const { positional_args: positional, named_args: named } = given;
  if (positional === undefined && named === undefined) return { sql: query };
  let next = 0;
  let fault: string | undefined;
  const sql = query.replace(/%(?:%|s|\(([^)]*)\)s|.?)/gs, (place, name?: string) => {
    if (place === '%%') return '%';
    if (place === '%s' && positional !== undefined) {
      if (next < positional.length) return literal(positional[next++]);
      fault ??= 'not enough arguments for format string';
    } else if (name !== undefined && named !== undefined) {
      if (Object.hasOwn(named, name)) return literal(named[name]);
      fault ??= `'${name}'`;
    } else if (place === '%s') fault ??= 'not enough arguments for format string';
    else if (name !== undefined) fault ??= 'format requires a mapping';
    else if (place === '%') fault ??= 'incomplete format';
    else fault ??= `unsupported format character '${place[1]}' (0x${place.charCodeAt(1).toString(16)})`;
    return place;
  });
  if (positional !== undefined && next < positional.length)
    fault ??= 'not all arguments converted during string formatting';
  return fault === undefined ? { sql } : { fault };
}

/** Gives a mapping with the arguments as they were given, for messages. */
export function givenArguments(given: Arguments): unknown {
  return given.positional_args ?? given.named_args ?? null;
}
