import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';

/** One file or folder of a zip; folders end with `/` and have no content. */
export interface ZipEntry {
  readonly path: string;
  readonly mode: number;
  readonly content?: string | Buffer;
}

/** The zip format keeps local time without a zone, so a local date gives the same bytes everywhere. */
const ALWAYS = { mtime: new Date(2022, 2, 28, 12, 0, 0), forceDosTimestamp: true };

/** Gives a zip of the entries in their order; the same entries give the same bytes. */
export function zip(entries: readonly ZipEntry[]): Promise<Buffer> {
  const file = new yazl.ZipFile();
  for (const { path, mode, content } of entries) {
    if (content === undefined) file.addEmptyDirectory(path, { ...ALWAYS, mode: 0o040000 | mode });
    else file.addBuffer(Buffer.from(content), path, { ...ALWAYS, mode: 0o100000 | mode });
  }
  file.end();
  return buffer(file.outputStream);
}

/** Gives a jar: a manifest, and files in it. */
export function jar(name: string, files: Readonly<Record<string, string>> = {}): Promise<Buffer> {
  const manifest = `Manifest-Version: 1.0\nBundle-SymbolicName: ${name}\nCreated-By: cutover lab\n`;
  const all = { 'META-INF/MANIFEST.MF': manifest, ...files };
  return zip(Object.entries(all).map(([path, content]) => ({ path, mode: 0o644, content })));
}
