import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import type { Pack } from 'tar-stream';
import { knownBytes } from '../content.ts';
import type { TreeDetail, TreeItem } from './change.ts';

/** Larger archives are built in a temporary file of the controller. */
const MEMORY_BYTES = 16 * 1024 * 1024;

/** A tree change's tar stream: in memory, or in a file that `remove` deletes. */
export interface Archive {
  readonly source: Uint8Array | { readonly file: string };
  readonly size: number;
  remove(): Promise<void>;
}

/** Builds the archive that apply-tree.sh expects: `new/` with what is written, and the given lists. */
export async function buildArchive(
  detail: TreeDetail,
  lists: ReadonlyMap<string, readonly string[]>,
): Promise<Archive> {
  const total = detail.items.reduce((sum, { write, content }) => sum + (write ? (content?.size ?? 0) : 0), 0);
  const { pack } = await import('tar-stream');
  const stream = pack();
  const filling = fill(stream, detail, lists);
  if (total <= MEMORY_BYTES) {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    await filling;
    const source = Buffer.concat(chunks);
    return { source, size: source.length, remove: async () => {} };
  }
  const folder = await mkdtemp(join(tmpdir(), 'cutover-tree-'));
  const file = join(folder, 'tree.tar');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const target = createWriteStream(file, { mode: 0o600 });
    await Promise.all([pipeline(stream, target), filling]);
    return { source: { file }, size: target.bytesWritten, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function fill(
  stream: Pack,
  detail: TreeDetail,
  lists: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  try {
    for (const item of detail.items) if (item.write) await addItem(stream, item);
    for (const [name, lines] of lists)
      stream.entry({ name: `lists/${name}` }, lines.map((line) => `${line}\n`).join(''));
    stream.finalize();
  } catch (error) {
    stream.destroy(error as Error);
  }
}

async function addItem(stream: Pack, item: TreeItem): Promise<void> {
  const name = item.path === '.' ? 'new' : `new/${item.path}`;
  const header = {
    name,
    mode: item.mode ?? 0o644,
    mtime: new Date((item.mtime ?? Date.now() / 1000) * 1000),
  };
  if (item.type === 'directory') {
    // Writable for us until everything below is there; the real mode comes with the lists.
    stream.entry({ ...header, type: 'directory', mode: 0o755 });
    return;
  }
  if (item.type === 'link') {
    stream.entry({ ...header, type: 'symlink', linkname: item.target ?? '' });
    return;
  }
  const { content } = item;
  if (content && 'target' in content.from) return;
  const bytes = content ? knownBytes(content) : Buffer.alloc(0);
  if (bytes) {
    stream.entry(header, Buffer.from(bytes));
    return;
  }
  const entry = stream.entry({ ...header, size: content!.size });
  createReadStream((content!.from as { file: string }).file).pipe(entry);
  await finished(entry);
}
