import type { z } from 'zod';
import type { Observed } from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer } from '../answer.ts';
import { aptGet } from './commands.ts';
import { installedProbe, isSatisfied, type PackageWish, packageWish, readInstalled } from './installed.ts';
import type { aptParams } from './params.ts';

type Params = z.infer<typeof aptParams>;

/** What a task asks of apt. */
export interface Wanted {
  /** The apt-get command that is needed, undefined when the packages are as wanted. */
  readonly command?: readonly string[] | undefined;
  /** The wishes of the command. */
  readonly open: readonly PackageWish[];
  /** Packages that are there because of others, and are asked for by name now: they stay when the others go. */
  readonly manual: readonly string[];
}

/** Gives the names of a task's packages, without versions. */
export function namesOf(given: Params): string[] {
  return (given.name ?? []).map((written) => packageWish(written).name);
}

/** Compares the wishes of a task with what is installed. */
export function wantedOf(given: Params, seen: Observed): Wanted | Unknown {
  const wishes = (given.name ?? []).map(packageWish);
  if (wishes.length === 0) return { command: aptGet(given, []), open: [], manual: [] };
  const said = answer(seen, installedProbe(namesOf(given)));
  if (isUnknown(said)) return said;
  const installed = readInstalled(said.stdout);
  const status = (name: string): string => installed.get(name)?.status ?? 'not-installed';
  const open = wishes.filter((wish) => {
    if (installs(given)) {
      if (given.only_upgrade && status(wish.name) !== 'installed') return false;
      return !isSatisfied(wish, installed);
    }
    if (given.state !== 'absent') return true;
    if (/[*?[]/.test(wish.name)) return true;
    return status(wish.name) !== 'not-installed' && (given.purge || status(wish.name) !== 'config-files');
  });
  const manual = wishes.filter(
    (wish) => installs(given) && !open.includes(wish) && installed.get(wish.name)?.automatic === true,
  );
  const command =
    open.length === 0 && given.upgrade === 'no'
      ? undefined
      : aptGet(
          given,
          open.map((wish) => wish.written),
        );
  return { command, open, manual: manual.map((wish) => wish.name) };
}

/** Whether the task wants packages to be there, whichever their version. */
export function installs(given: Params): boolean {
  return given.state === 'present';
}
