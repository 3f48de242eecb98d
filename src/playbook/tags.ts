/** What `--tags` and `--skip-tags` select. Empty lists select everything but `never`. */
export interface TagSelection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/**
 * Whether a node is selected. `always` runs unless skipped by name, `never` only when one of the node's tags is asked
 * for; `all`, `tagged` and `untagged` stand for what they say.
 */
export function selectTags(
  node: { readonly tags: readonly string[] },
  only: readonly string[],
  skip: readonly string[],
): boolean {
  const tags = new Set(node.tags.length === 0 ? ['untagged'] : node.tags);
  return isWanted(tags, only.length === 0 ? ['all'] : only) && !isSkipped(tags, skip);
}

function isWanted(tags: ReadonlySet<string>, only: readonly string[]): boolean {
  if (tags.has('always') || only.some((tag) => tags.has(tag))) return true;
  if (tags.has('never')) return false;
  return only.includes('all') || (only.includes('tagged') && !tags.has('untagged'));
}

function isSkipped(tags: ReadonlySet<string>, skip: readonly string[]): boolean {
  if (skip.some((tag) => tags.has(tag))) return true;
  if (skip.includes('all')) return !tags.has('always');
  return skip.includes('tagged') && !tags.has('untagged');
}

/** Gives the tags that a template gave in the place of some: a list of them, or names with commas between. */
export function tagWords(given: unknown): readonly string[] {
  return [given].flat(2).flatMap((tag) =>
    String(tag)
      .split(',')
      .map((word) => word.trim()),
  );
}
