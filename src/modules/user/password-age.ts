import type { z } from 'zod';
import { type Change, commandOutput, type Observed, type Probe, runCommand } from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer } from '../answer.ts';
import type { userParams } from './params.ts';

type Params = z.infer<typeof userParams>;

/** Parameter, field of shadow(5) and option of chage(1). */
const AGES = [
  ['password_expire_min', 3, '-m'],
  ['password_expire_max', 4, '-M'],
  ['password_expire_warn', 5, '-W'],
  ['password_expire_account_disable', 6, '-I'],
] as const;

/** Whether any of the password's ages is wanted. */
export function wantsAges(given: Params): boolean {
  return AGES.some(([name]) => given[name] !== undefined);
}

/** Asks for the entry of shadow(5); the hash in it is cut out on the host. */
export function ageProbe(name: string): Probe<import('../../resources/index.ts').CommandResult> {
  return commandOutput({
    argv: ['/bin/sh', '-c', 'getent shadow "$1" | sed "s/^\\([^:]*\\):[^:]*:/\\1:x:/"', 'sh', name],
  });
}

/** Gives the change of the ages that differ, or none. */
export function setAges(given: Params, seen: Observed): Change[] | Unknown {
  const entry = answer(seen, ageProbe(given.name));
  if (isUnknown(entry)) return entry;
  const fields = entry.stdout.trim().split(':');
  const options = AGES.flatMap(([name, field, option]) => {
    const wanted = given[name];
    return wanted === undefined || fields[field] === String(wanted) ? [] : [option, String(wanted)];
  });
  if (options.length === 0) return [];
  const argv = ['chage', ...options, given.name];
  return [runCommand({ argv }, { undo: 'irreversible', summary: `password ages of ${given.name}` })];
}
