/** Whose synchronized files are, as rsync has it: by name where the target knows it, else by number; only root gives files away. */
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import type { OwnerNames, OwnerNumbers } from '../owner-numbers.ts';
import type { Options } from './options.ts';
import type { Sent, Source } from './source.ts';

/** Names of the controller's users and groups by number. */
interface Names {
  readonly users: ReadonlyMap<number, string>;
  readonly groups: ReadonlyMap<number, string>;
}

/** Reads who has which number on the controller. Accounts of a directory service have no name, but for one's own. */
export async function namesOnController(): Promise<Names> {
  const own = userInfo();
  const users = await namesIn('/etc/passwd');
  return {
    users: users.has(own.uid) ? users : new Map([...users, [own.uid, own.username]]),
    groups: await namesIn('/etc/group'),
  };
}

async function namesIn(file: string): Promise<Map<number, string>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return new Map(
    text.split('\n').flatMap((line): [number, string][] => {
      const [name = '', , number = ''] = line.split(':');
      return number === '' ? [] : [[Number(number), name]];
    }),
  );
}

/** Names whose numbers have to be known; undefined when owners stay as they come. */
export function namesOf({ top, entries }: Source, options: Options): OwnerNames | undefined {
  if (!options.owner && !options.group) return undefined;
  const all = [top, ...entries];
  const names = (kind: 'user' | 'group') => (options.numericIds ? [] : all.flatMap((one) => one[kind] ?? []));
  return { users: names('user'), groups: names('group') };
}

/** Gives the owner and group of something, as numbers, or as `chown` says. */
export function ownerOf(
  sent: Sent,
  numbers: OwnerNumbers | undefined,
  { owner, group, numericIds, chown }: Options,
): { readonly owner?: string; readonly group?: string } {
  if (numbers === undefined) return {};
  const isRoot = numbers.self === '0';
  const named = (known: ReadonlyMap<string, string>, name: string | undefined, id: number) =>
    // Number 0 is root's everywhere.
    (id === 0 || numericIds || name === undefined ? undefined : known.get(name)) ?? String(id);
  const gid = named(numbers.groups, sent.group, sent.gid);
  return {
    ...(owner && isRoot ? { owner: chown.owner ?? named(numbers.users, sent.user, sent.uid) } : {}),
    ...(group && (isRoot || numbers.own.includes(gid)) ? { group: chown.group ?? gid } : {}),
  };
}
