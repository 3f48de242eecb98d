import { compileRegex } from '../../regex/index.ts';

/** What shall be replaced, and between which other matches. */
export interface ReplaceWish {
  readonly regexp: string;
  readonly replace: string;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** Gives the new text and the count of replacements, or nothing when the section between `after` and `before` is not there. */
export function replaceAll(content: string, wish: ReplaceWish): { text: string; count: number } | undefined {
  const section = sectionOf(content, wish);
  if (!section) return undefined;
  const [start, end] = section;
  const regex = compileRegex(wish.regexp, { multiLine: true });
  const made = regex.replace(content.slice(start, end), wish.replace);
  return { text: content.slice(0, start) + made.text + content.slice(end), count: made.count };
}

function sectionOf(content: string, wish: ReplaceWish): readonly [number, number] | undefined {
  if (wish.after === undefined && wish.before === undefined) return [0, content.length];
  const pattern = sectionPattern(wish.after, wish.before, 'section');
  return compileRegex(pattern, { dotAll: true }).findGroup(content, 'section');
}

/**
 * Gives the expression for what stands between `after` and `before`, as the group with that name: up to the first
 * `before` when there is an `after`, up to the last one otherwise, as Ansible's module does.
 */
export function sectionPattern(after: string | undefined, before: string | undefined, group: string): string {
  const inner = after !== undefined && before !== undefined ? '.*?' : '.*';
  return `${after ?? ''}(?P<${group}>${inner})${before ?? ''}`;
}
