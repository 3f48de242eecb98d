import { posix } from 'node:path';
import type { TreeState } from '../../resources/index.ts';
import type { PlanContext } from '../types.ts';

/** Places of a project, all absolute. */
export interface Project {
  readonly root: string;
  readonly releases: string;
  readonly shared: string | undefined;
  readonly current: string;
  readonly release: string;
  /** Name of the file that marks an unfinished release. */
  readonly unfinished: string;
}

/** Gives the places that the parameters mean. */
export function projectOf(
  given: {
    readonly path: string;
    readonly releases_path: string;
    readonly shared_path: string;
    readonly current_path: string;
    readonly unfinished_filename: string;
    readonly release?: string | undefined;
  },
  context: PlanContext,
): Project {
  const root = given.path.replace(/(.)\/+$/, '$1');
  const below = (path: string) => posix.resolve(root, path);
  const releases = below(given.releases_path);
  return {
    root,
    releases,
    shared: given.shared_path === '' ? undefined : below(given.shared_path),
    current: below(given.current_path),
    release: posix.join(releases, given.release ?? nameOf(new Date(context.startedAt))),
    unfinished: given.unfinished_filename,
  };
}

/** One name for all hosts and all tasks of a run. */
function nameOf(time: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())];
  return [...day, two(time.getHours()), two(time.getMinutes()), two(time.getSeconds())].join('');
}

/** Gives the names of the releases that go: unfinished ones, and but for the newest those beside the present one. */
export function leftOvers(
  releases: TreeState,
  what: {
    readonly present: string | undefined;
    /** A release that is no longer unfinished when it comes to that. */
    readonly finishes: string | undefined;
    readonly unfinished: string;
    readonly keep: number;
  },
): string[] {
  const { present, finishes, unfinished, keep } = what;
  const folders = [...releases.entries].filter(
    ([path, { type }]) => !path.includes('/') && type === 'directory',
  );
  const isUnfinished = (name: string) => name !== finishes && releases.entries.has(`${name}/${unfinished}`);
  const finished = folders
    .filter(([name]) => !isUnfinished(name) && name !== present)
    .sort(([, one], [, other]) => (other.ctime ?? 0) - (one.ctime ?? 0));
  return [
    ...folders.map(([name]) => name).filter(isUnfinished),
    ...finished.slice(keep).map(([name]) => name),
  ];
}
