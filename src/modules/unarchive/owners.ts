/** Whose unpacked files are: root gives those of a tar file back to whom they belonged, by name where the target has it, else by number, as tar does. */
import {
  type CommandResult,
  commandOutput,
  type Observed,
  type Probe,
  quote,
} from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import type { Archive } from '../archive/read.ts';
import type { ArchiveEntry } from '../archive/types.ts';
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
  return [commandOutput({ script: idScript(names(archive, 'user'), names(archive, 'group')) })];
}

/** Reads the answer. Nobody but root can give files away. */
export function ownersOf(params: UnarchiveParams, archive: Archive, seen: Observed): Owners {
  const [probe] = ownersNeeds(params, archive);
  const answered = probe === undefined ? undefined : seen.get(probe);
  if (answered === undefined || isUnknown(answered)) return NOBODY;
  const [self, ...ids] = answered.stdout.split('\n');
  if (self !== '0') return NOBODY;
  const users = names(archive, 'user');
  const idOf = (index: number) => (/^[0-9]+$/.test(ids[index] ?? '') ? ids[index] : undefined);
  const uids = new Map(users.map((name, index) => [name, idOf(index)]));
  const gids = new Map(names(archive, 'group').map((name, index) => [name, idOf(users.length + index)]));
  return ({ packedBy }) =>
    packedBy === undefined
      ? {}
      : {
          ...(params.owner === undefined ? { owner: uids.get(packedBy.user) ?? String(packedBy.uid) } : {}),
          ...(params.group === undefined ? { group: gids.get(packedBy.group) ?? String(packedBy.gid) } : {}),
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
  return answered.stdout.startsWith('0\n') ? 0 : umask;
}

function membersOf({ root, entries }: Archive): readonly ArchiveEntry[] {
  return root ? [root, ...entries] : entries;
}

function names(archive: Archive, kind: 'user' | 'group'): string[] {
  const all = membersOf(archive).map((entry) => entry.packedBy?.[kind] ?? '');
  return [...new Set(all)].filter((name) => name !== '').sort();
}

/** Prints who runs it, then a line per name: its number, or `-`. */
function idScript(users: readonly string[], groups: readonly string[]): string {
  return `number() {
  line=$(getent "$1" "$2" 2>/dev/null || grep "^$2:" "/etc/$1") || { echo -; return; }
  line=\${line#*:*:}
  echo "\${line%%:*}"
}
id -u
${users.map((name) => `number passwd ${quote(name)}`).join('\n')}
${groups.map((name) => `number group ${quote(name)}`).join('\n')}
`;
}
