import { CutoverError } from '../../errors/index.ts';
import { isMapping } from '../../values/index.ts';
import { readArchive } from '../archive/read.ts';
import type { PlanContext } from '../types.ts';

/** What a product brought: path -> SHA-256 of a file, `link:TARGET` of a link, `directory` of a folder. */
export type Manifest = ReadonlyMap<string, string>;

/** Reads a pack or a JSON manifest of the controller. Throws CutoverError when it is neither. */
export async function readManifest(name: string, context: PlanContext): Promise<Manifest> {
  const path = context.findFile(name, 'files');
  if (path.endsWith('.json')) return fromJson(context.readText(path), path);
  const file = await context.readFile(path);
  const archive = await readArchive({ path: file.path, sha256: file.sha256 });
  const entries = archive.entries.map(({ path: member, type, sha256, target }) => {
    const mark = type === 'file' ? (sha256 ?? '') : type === 'link' ? `link:${target ?? ''}` : 'directory';
    return [member, mark] as const;
  });
  return withFolders(withoutTop(entries));
}

function fromJson(text: string, path: string): Manifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new CutoverError('playbook', `${path} is no JSON: ${(cause as Error).message}`, { cause });
  }
  const files = isMapping(parsed) && isMapping(parsed.files) ? parsed.files : parsed;
  const fault = () =>
    new CutoverError('playbook', `${path} is no manifest: it needs { "files": { "path": "sha256" } }`);
  if (!isMapping(files)) throw fault();
  const entries = Object.entries(files).map(([name, sum]) => {
    if (typeof sum !== 'string') throw fault();
    return [name.replace(/^\.?\/+/, ''), sum.replace(/^sha256:/, '').toLowerCase()] as const;
  });
  return withFolders(entries);
}

/** A pack usually holds one folder, named by product and version: that name is no part of the paths. */
function withoutTop(entries: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  const tops = new Set(entries.map(([path]) => path.split('/')[0]));
  const lone = tops.size === 1 && entries.some(([path]) => path.includes('/'));
  if (!lone) return [...entries];
  return entries.flatMap(([path, mark]) =>
    path.includes('/') ? [[path.slice(path.indexOf('/') + 1), mark] as const] : [],
  );
}

function withFolders(entries: readonly (readonly [string, string])[]): Manifest {
  const manifest = new Map<string, string>();
  for (const [path, mark] of entries) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      if (!manifest.has(folder)) manifest.set(folder, 'directory');
    }
    manifest.set(path, mark);
  }
  return manifest;
}
