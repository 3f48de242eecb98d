import { posix } from 'node:path';
import type { FileState } from '../../resources/index.ts';
import type { SourceEntry } from '../placing-tree.ts';

/**
 * What of a folder goes into one that is there (as ansible-core 2.14 has it, measured):
 * what is missing is copied with its modes, folders whole with the links in them; a file that differs is replaced, and
 * gets the source's mode; everything else that is there stays as it is. A link that is missing beside things that are
 * there is passed over when links are to be followed, or when it leads nowhere. `missed`: some were.
 */
export function mergedInto(
  top: string,
  entries: readonly SourceEntry[],
  present: ReadonlyMap<string, FileState>,
  rules: { readonly follow: boolean; leadsNowhere(path: string): boolean },
): { entries: SourceEntry[]; missed: boolean } {
  const kept: SourceEntry[] = [];
  const blocked = new Set<string>();
  let missed = false;
  const isMerged = (folder: string) => folder === (top || '.') || present.get(folder)?.type === 'directory';
  for (const entry of [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const folder = posix.dirname(entry.path);
    const found = present.get(entry.path);
    if (blocked.has(folder)) blocked.add(entry.path);
    else if (found !== undefined) {
      const stays = unlessInTheWay(entry, found);
      if (stays) kept.push(stays);
      else blocked.add(entry.path);
    } else if (
      entry.type === 'link' &&
      isMerged(folder) &&
      (rules.follow || rules.leadsNowhere(entry.path))
    ) {
      missed = true;
    } else kept.push(entry);
  }
  return { entries: kept, missed };
}

/** The entry as it goes over one that is there; undefined when that is left alone with all below. */
function unlessInTheWay(entry: SourceEntry, found: FileState): SourceEntry | undefined {
  if (entry.type === 'link' || entry.type !== found.type) return undefined;
  const { mode, ...rest } = entry;
  const same = entry.type === 'file' && entry.content?.sha256 === found.sha256;
  return same || mode === undefined ? rest : { ...rest, mode };
}
