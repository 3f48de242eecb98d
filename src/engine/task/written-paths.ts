/** Results name paths as the task wrote them: modules see absolute ones, playbooks compare and cut the relative ones they wrote. */
import { posix } from 'node:path';
import type { Plan } from '../../modules/index.ts';
import { isMapping } from '../../values/index.ts';

/** Absolute paths -> relative ones, as the task wrote them. */
export type WrittenPaths = ReadonlyMap<string, string>;

/** Keys of results that hold a path of the target. */
const PATHS = ['path', 'dest', 'source'];

/** Gives the name by which an absolute path is found again. */
export const pathKey = (path: string): string => posix.normalize(path).replace(/(.)\/$/, '$1');

/** Gives a plan whose result names relative paths as they were written. */
export function asWritten(plan: Plan, written: WrittenPaths): Plan {
  const { result } = plan;
  return written.size === 0 || !result
    ? plan
    : { ...plan, result: (outcomes) => inResult(result(outcomes), written) };
}

function inResult(result: Record<string, unknown>, written: WrittenPaths): Record<string, unknown> {
  const told = namesIn(result, written);
  const { stat, files, skipped_paths: skipped } = result;
  if (isMapping(stat)) told.stat = namesIn(stat, written);
  if (Array.isArray(files)) told.files = files.map((one) => (isMapping(one) ? namesIn(one, written) : one));
  if (isMapping(skipped)) told.skipped_paths = skippedIn(skipped, written);
  return told;
}

function namesIn(told: Readonly<Record<string, unknown>>, written: WrittenPaths): Record<string, unknown> {
  const named = PATHS.flatMap((key) => {
    const path = told[key];
    return typeof path === 'string' ? [[key, nameOf(path, written)]] : [];
  });
  return { ...told, ...Object.fromEntries(named) };
}

/** `find` names a folder that is none twice: as a key, and in what it says of it. */
function skippedIn(skipped: Readonly<Record<string, unknown>>, written: WrittenPaths): unknown {
  return Object.fromEntries(
    Object.entries(skipped).map(([path, why]) => {
      const name = nameOf(path, written);
      return [name, typeof why === 'string' ? why.replace(path, () => name) : why];
    }),
  );
}

function nameOf(path: string, written: WrittenPaths): string {
  const itself = written.get(pathKey(path));
  if (itself !== undefined) return itself;
  for (const [folder, name] of written)
    if (path.startsWith(`${folder}/`)) return posix.join(name, path.slice(folder.length + 1));
  return path;
}
