import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders that a practice host has for itself. */
const OWN = ['/root/', '/home/', '/tmp/', '/run/', '/var/', '/opt/', '/srv/'];

/**
 * Gives the paths that the miniature's launcher needs on a host and that the host's root would not show: Node and
 * this package, when they lie on another file system or in a folder that a host has for itself.
 */
export function programPaths(): string[] {
  return [process.execPath, packageRoot()].filter(
    (path) => OWN.some((own) => path.startsWith(own)) || statSync(path).dev !== statSync('/').dev,
  );
}

/** The folder whose node_modules hold what we import: the checkout, or the project that installed us. */
function packageRoot(): string {
  const here = fileURLToPath(import.meta.url);
  const installed = here.indexOf('/node_modules/');
  if (installed !== -1) return here.slice(0, installed);
  let folder = dirname(here);
  while (!existsSync(`${folder}/package.json`) && folder !== '/') folder = dirname(folder);
  return folder;
}
