/** Filters over regular expressions. */

import { tuple } from '../python/kinds.ts';
import { compileRegex, expandReplacement, type Regex } from '../python/regex.ts';
import { capText, str } from '../python/text.ts';
import { type Args, type Routines, routine } from '../routine.ts';

const regexOf = (pattern: string, args: Args): Regex =>
  compileRegex(pattern, { ignoreCase: args.flag('ignorecase'), multiLine: args.flag('multiline') });

function replace(value: unknown, args: Args): string {
  const text = str(value);
  const regex = regexOf(args.text('pattern'), args);
  const replacement = args.text('replacement');
  const most = args.int('count');
  let made = '';
  let from = 0;
  let done = 0;
  for (const match of regex.all(text)) {
    if (most > 0 && done++ >= most) break;
    made += text.slice(from, match.index) + expandReplacement(replacement, match, regex);
    from = match.index + match[0].length;
  }
  return capText(made + text.slice(from));
}

function findAll(value: unknown, args: Args): unknown[] {
  const regex = regexOf(args.text('regex'), args);
  return regex.all(str(value)).map((match) => {
    if (regex.count === 0) return match[0];
    if (regex.count === 1) return match[1] ?? '';
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
  const match = regex.search(str(value));
  // Ansible gives None for no match.
  if (!match) return null;
  return wanted.length === 0 ? match[0] : wanted.map((index) => match[index] ?? null);
}

function groupOf(text: string, regex: Regex, args: Args): number {
  const number = /^\\+(\d+)$/.exec(text);
  const name = /^\\+g<(\S+)>$/.exec(text);
  const index = number
    ? Number(number[1])
    : name
      ? /^\d+$/.test(name[1]!)
        ? Number(name[1])
        : regex.groups.get(name[1]!)
      : undefined;
  if (index === undefined || index > regex.count)
    return args.fail(
      `"${text}" is not a group of the expression`,
      "groups are written '\\\\1' or '\\\\g<name>'",
    );
  return index;
}

function escapeRegex(value: unknown, args: Args): string {
  const kind = args.text('re_type');
  const text = str(value);
  if (kind === 'posix_basic') return text.replace(/[\].[^$*\\]/g, '\\$&');
  if (kind !== 'python') return args.refuse('re_type', `must be python or posix_basic, not "${kind}"`);
  return text.replace(/[\s()[\]{}?*+\-|^$\\.&~#]/g, '\\$&');
}

/** Filters by name. */
export const REGEX_FILTERS: Routines = {
  regex_replace: routine('pattern="" replacement="" ignorecase=false multiline=false count=0', replace),
  regex_findall: routine('regex multiline=false ignorecase=false', findAll),
  regex_search: routine('regex * ignorecase=false multiline=false', search),
  regex_escape: routine('re_type="python"', escapeRegex),
};
