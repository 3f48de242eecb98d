import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What one file, folder or link of a tree is; equal entries mean equal things. */
export interface ManifestEntry {
  /** Relative to the tree's root, with `/`. */
  readonly path: string;
  readonly type: 'file' | 'folder' | 'link' | 'other';
  /** Permission bits, such as 0o644. 0 for links, whose bits mean nothing. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a file's content, in hex. */
  readonly sha256?: string;
  /** Of a link, as written. */
  readonly target?: string;
}

export interface ManifestOptions {
  /** Leaves a path (relative, with `/`) and what is below it out. */
  readonly exclude?: (path: string) => boolean;
}

/** Gives every entry below a folder, sorted by path. Throws when the folder cannot be read. */
export async function treeManifest(root: string, options: ManifestOptions = {}): Promise<ManifestEntry[]> {
  const entries: ManifestEntry[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const name of (await readdir(join(root, folder))).sort()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (options.exclude?.(path)) continue;
      const entry = await entryOf(root, path);
      entries.push(entry);
      if (entry.type === 'folder') await visit(path);
    }
  };
  await visit('');
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function entryOf(root: string, path: string): Promise<ManifestEntry> {
  const full = join(root, path);
  const stats = await lstat(full);
  const { uid, gid } = stats;
  const mode = stats.mode & 0o7777;
  if (stats.isSymbolicLink()) return { path, type: 'link', mode: 0, uid, gid, target: await readlink(full) };
  if (stats.isDirectory()) return { path, type: 'folder', mode, uid, gid };
  if (stats.isFile()) return { path, type: 'file', mode, uid, gid, sha256: await sha256(full) };
  return { path, type: 'other', mode, uid, gid };
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Gives a line per difference (`+ path`, `- path`, `~ path: what changed`), sorted by path; empty when the trees are equal. */
export function diffManifests(before: readonly ManifestEntry[], after: readonly ManifestEntry[]): string[] {
  const old = new Map(before.map((entry) => [entry.path, entry]));
  const now = new Map(after.map((entry) => [entry.path, entry]));
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((path) => {
    const [a, b] = [old.get(path), now.get(path)];
    if (a === undefined) return [`+ ${path}`];
    if (b === undefined) return [`- ${path}`];
    const changed = changedFields(a, b);
    return changed.length === 0 ? [] : [`~ ${path}: ${changed.join(', ')}`];
  });
}

function changedFields(a: ManifestEntry, b: ManifestEntry): string[] {
  const changed: string[] = [];
  if (a.type !== b.type) changed.push(`type ${a.type} -> ${b.type}`);
  if (a.mode !== b.mode) changed.push(`mode ${a.mode.toString(8)} -> ${b.mode.toString(8)}`);
  if (a.uid !== b.uid || a.gid !== b.gid) changed.push(`owner ${a.uid}:${a.gid} -> ${b.uid}:${b.gid}`);
  if (a.sha256 !== b.sha256) changed.push('content');
  if (a.target !== b.target) changed.push(`target ${a.target} -> ${b.target}`);
  return changed;
}
