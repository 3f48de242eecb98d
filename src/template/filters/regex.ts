/** Filters over regular expressions. */

import { compileRegex, type Regex } from '../../regex/index.ts';
import { tuple } from '../python/kinds.ts';
import { capText, str } from '../python/text.ts';
import { type Args, type Routines, routine } from '../routine.ts';

const regexOf = (pattern: string, args: Args): Regex =>
  compileRegex(pattern, { ignoreCase: args.flag('ignorecase'), multiLine: args.flag('multiline') });

function replace(value: unknown, args: Args): string {
  const count = args.int('count');
  const made = regexOf(args.text('pattern'), args).replace(
    str(value),
    args.text('replacement'),
    count > 0 ? count : undefined,
  );
  return capText(made.text);
}

function findAll(value: unknown, args: Args): unknown[] {
  const regex = regexOf(args.text('regex'), args);
  return regex.findAll(str(value)).map((match) => {
    if (regex.groupCount === 0) return match[0];
    if (regex.groupCount === 1) return match[1] ?? '';
    return tuple(
      ...Array.from(match)
        .slice(1)
        .map((group) => group ?? ''),
    );
  });
}

/** Gives the whole match, or the groups that `\\1` and `\\g<name>` arguments ask for. */
function search(value: unknown, args: Args): unknown {
  const regex = regexOf(args.text('regex'), args);
  const wanted = args.rest.map((group) => groupOf(str(group), regex, args));
  const match = regex.find(str(value));
  // Ansible gives None for no match.
  if (!match) return null;
  return wanted.length === 0 ? match[0] : wanted.map((index) => match[index] ?? null);
}

function groupOf(text: string, regex: Regex, args: Args): number {
  const [, number, name] = /^\\+(?:(\d+)|g<(\S+)>)$/.exec(text) ?? [];
  return (
    regex.groupNumber(number ?? name ?? '') ??
    args.fail(
      `Unknown argument: "${text}" is not a group of the expression`,
      "groups are written '\\\\1' or '\\\\g<name>'",
    )
  );
}

function escapeRegex(value: unknown, args: Args): string {
  const kind = args.text('re_type');
  const text = str(value);
  if (kind === 'posix_basic') return text.replace(/[\].[^$*\\]/g, '\\$&');
  if (kind !== 'python')
    return args.fail(
      kind === 'posix_extended'
        ? 'Regex type (posix_extended) not yet implemented'
        : `Invalid regex type (${kind}): it is python or posix_basic`,
    );
  return text.replace(/[\s()[\]{}?*+\-|^$\\.&~#]/g, '\\$&');
}

/** Filters by name. */
export const REGEX_FILTERS: Routines = {
  regex_replace: routine('pattern="" replacement="" ignorecase=false multiline=false count=0', replace),
  regex_findall: routine('regex multiline=false ignorecase=false', findAll),
  regex_search: routine('regex * ignorecase=false multiline=false', search),
  regex_escape: routine('re_type="python"', escapeRegex),
};
