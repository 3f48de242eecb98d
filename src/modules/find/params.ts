import type { z } from 'zod';
import { ALGORITHMS } from '../digests.ts';
import { boolean, choice, integer, mode, paths, regex, strings, text, withAliases } from '../params.ts';

const AGE = /^([-+]?\d+)([smhdw]?)$/i;
const SIZE = /^([-+]?\d+)([bkmgt]?)$/i;

/** Parameters of find. */
export const findParams = withAliases(
  {
    name: 'paths',
    path: 'paths',
    pattern: 'patterns',
    exclude: 'excludes',
    checksum: 'checksum_algorithm',
    checksum_algo: 'checksum_algorithm',
  },
  {
    paths: paths.describe('Folders to search.'),
    patterns: strings
      .default([])
      .describe('Shell patterns (or, with use_regex, expressions) of names to find. Default: all.'),
    excludes: strings.default([]).describe('Patterns of names to leave out.'),
    contains: regex
      .optional()
      .describe(
        'Expression that a line of the file must begin with (or, with read_whole_file, that its text must hold).',
      ),
    read_whole_file: boolean.default(false).describe('Look for contains in the whole text.'),
    file_type: choice('file', 'directory', 'link', 'any').default('file').describe('What to find.'),
    age: text
      .refine((age) => AGE.test(age), { error: 'must be a number with s, m, h, d or w' })
      .optional()
      .describe('At least this old, such as 2d; with a minus, at most.'),
    age_stamp: choice('mtime', 'atime', 'ctime').default('mtime').describe('Which time age is about.'),
    size: text
      .refine((size) => SIZE.test(size), { error: 'must be a number with b, k, m, g or t' })
      .optional()
      .describe('At least this large, such as 10m; with a minus, at most.'),
    recurse: boolean.default(false).describe('Search the folders below too.'),
    depth: integer.optional().describe('How deep recurse goes.'),
    follow: boolean.default(false).describe('Look through links.'),
    hidden: boolean.default(false).describe('Find names that begin with a dot too.'),
    use_regex: boolean.default(false).describe('patterns and excludes are Python regular expressions.'),
    get_checksum: boolean.default(false).describe('Give the checksum of every file found.'),
    checksum_algorithm: choice(...ALGORITHMS)
      .default('sha1')
      .describe('Which checksum.'),
    mode: mode.optional().describe('Permission bits that a file must have.'),
    exact_mode: boolean.default(true).describe('mode must be exact, not just included.'),
    limit: integer.optional().describe('Stop after so many.'),
    encoding: text.optional().describe('Accepted; text is read as UTF-8.'),
  },
);

/** What find gets. */
export type FindParams = z.output<typeof findParams>;

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };
const BYTES: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** Gives seconds. */
export function ageSeconds(age: string): number {
  const [, count, unit] = AGE.exec(age)!;
  return Number(count) * SECONDS[unit?.toLowerCase() || 's']!;
}

/** Gives bytes. */
export function sizeBytes(size: string): number {
  const [, count, unit] = SIZE.exec(size)!;
  return Number(count) * BYTES[unit?.toLowerCase() || 'b']!;
}
