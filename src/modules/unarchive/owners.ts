/** Whose unpacked files are: root gives those of a tar file back to whom they belonged, by name where the target has it, else by number, as tar does. */
import type { CommandResult, Observed, Probe } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import type { Archive } from '../archive/read.ts';
import type { ArchiveEntry } from '../archive/types.ts';
import { type OwnerNames, ownerProbe, readOwners } from '../owner-numbers.ts';
import type { UnarchiveParams } from './params.ts';

/** Gives the owner and group that a member gets, as numbers; nothing when it belongs to whoever unpacks. */
export type Owners = (entry: ArchiveEntry) => { readonly owner?: string; readonly group?: string };

/** Says nothing about owners. */
export const NOBODY: Owners = () => ({});

/** What must be asked before the owners are known. */
export function ownersNeeds(params: UnarchiveParams, archive: Archive): Probe<CommandResult>[] {
  const keepsNone = params.extra_opts.some((option) => option === '--no-same-owner' || option === '-o');
  const bothGiven = params.owner !== undefined && params.group !== undefined;
  if (keepsNone || bothGiven || !membersOf(archive).some((entry) => entry.packedBy)) return [];
  return [ownerProbe(namesOf(archive))];
}

/** Reads the answer. Nobody but root can give files away. */
export function ownersOf(params: UnarchiveParams, archive: Archive, seen: Observed): Owners {
  const [probe] = ownersNeeds(params, archive);
  const answered = probe === undefined ? undefined : seen.get(probe);
  if (answered === undefined || isUnknown(answered)) return NOBODY;
  const { self, users, groups } = readOwners(namesOf(archive), answered);
  if (self !== '0') return NOBODY;
  return ({ packedBy }) =>
    packedBy === undefined
      ? {}
      : {
          ...(params.owner === undefined ? { owner: users.get(packedBy.user) ?? String(packedBy.uid) } : {}),
          ...(params.group === undefined
            ? { group: groups.get(packedBy.group) ?? String(packedBy.gid) }
            : {}),
        };
}

/** Gives the bits that modes lose: tar obeys the umask of an ordinary user, unless it is told to keep modes; unzip does not. */
export function lostBits(params: UnarchiveParams, archive: Archive, seen: Observed, umask = 0): number {
  const keeps = params.extra_opts.some((option) =>
    /^(?:-p|--preserve-permissions|--same-permissions)$/.test(option),
  );
  const [probe] = ownersNeeds(params, archive);
  const answered = probe === undefined ? undefined : seen.get(probe);
  if (keeps || archive.format === 'zip' || answered === undefined || isUnknown(answered)) return 0;
  return readOwners(namesOf(archive), answered).self === '0' ? 0 : umask;
}

function membersOf({ root, entries }: Archive): readonly ArchiveEntry[] {
  return root ? [root, ...entries] : entries;
}

function namesOf(archive: Archive): OwnerNames {
  const all = membersOf(archive).flatMap((entry) => entry.packedBy ?? []);
  return { users: all.map(({ user }) => user), groups: all.map(({ group }) => group) };
}
