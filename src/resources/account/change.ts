import { createHash } from 'node:crypto';
import { escapeField } from '../shell.ts';
import type { WantedGroup, WantedUser } from '../specs.ts';
import type { GroupState, UserState } from '../states.ts';
import type { Change } from '../types.ts';
import type { GroupDetail, UserDetail } from './detail.ts';
import { predictUser } from './predict.ts';

/** Gives the change of an account, or nothing when it is as wanted. */
export function setUser(before: UserState, wanted: WantedUser): Change[] {
  const key = `user:${before.name}`;
  if (wanted.state === 'absent') {
    if (!before.exists) return [];
    return [userChange(before, wanted, 'remove', [], { name: before.name, exists: false }, undefined)];
  }
  const groups = wantedGroups(before, wanted);
  const after: UserState = {
    ...before,
    exists: true,
    ...(wanted.uid !== undefined && { uid: wanted.uid }),
    ...primary(before, wanted),
    ...(groups && { groups }),
    ...(wanted.comment !== undefined && { comment: wanted.comment }),
    ...(wanted.home !== undefined && { home: wanted.home }),
    ...(wanted.shell !== undefined && { shell: wanted.shell }),
    ...(wanted.createHome !== false && { homeExists: true }),
    ...hashAfter(before, wanted),
    ...(wanted.expires !== undefined && { expiresDay: expiryDay(wanted.expires) }),
  };
  if (!before.exists) {
    const home = wanted.home ?? `/home/${before.name}`;
    const homeExists = wanted.createHome !== false;
    return [
      userChange(
        before,
        wanted,
        'create',
        [],
        { group: before.name, comment: '', home, homeExists, groups: [], ...after },
        groups,
      ),
    ];
  }
  const differs = (
    ['uid', 'group', 'comment', 'home', 'shell', 'passwordHash', 'expiresDay', 'homeExists'] as const
  ).filter((field) => after[field] !== before[field]) as string[];
  if (groups) differs.push('groups');
  if (differs.length === 0) return [];
  return [userChange(before, wanted, 'modify', differs, after, groups, key)];
}

/** Gives the change of a group, or nothing when it is as wanted. */
export function setGroup(before: GroupState, wanted: WantedGroup): Change[] {
  const { name } = before;
  const expect = describeGroup(before);
  const make = (action: GroupDetail['action'], after: GroupState, line: string): Change => ({
    resource: 'group',
    key: `group:${name}`,
    summary: `${action} group ${name}${wanted.gid === undefined || action === 'remove' ? '' : ` (gid ${wanted.gid})`}`,
    undo: 'invertible',
    diff: { prepared: line },
    predicts: new Map([[`group:${name}`, after]]),
    detail: { name, action, wanted, expect } satisfies GroupDetail,
  });
  if (wanted.state === 'absent')
    return before.exists ? [make('remove', { name, exists: false }, 'state: present -> absent')] : [];
  if (!before.exists)
    return [make('create', { name, exists: true, gid: wanted.gid, members: [] }, 'state: absent -> present')];
  if (wanted.gid === undefined || wanted.gid === before.gid) return [];
  return [make('modify', { ...before, gid: wanted.gid }, `gid: ${before.gid} -> ${wanted.gid}`)];
}

/** Gives the picture of an account that journal and undo compare (accounts.sh, co_look_account); `*` for what is not known. */
function describeUser(state: UserState): string {
  if (!state.exists) return 'absent';
  const { uid, gid, comment, home, shell, passwordHash, expiresDay, groups } = state;
  const words = [uid, gid, comment, home, shell].map((part) =>
    part === undefined ? '*' : escapeField(String(part)),
  );
  const mark =
    passwordHash === undefined
      ? '-'
      : createHash('sha256').update(`${state.name} ${passwordHash}`).digest('hex').slice(0, 16);
  const expires = expiresDay === undefined || expiresDay < 0 ? '-' : expiresDay;
  return `user,${words.join(',')},${mark},${expires},${groups?.length ? groups.join('+') : '-'}`;
}

/** Gives the picture of a group that journal and undo compare. */
function describeGroup(state: GroupState): string {
  return state.exists ? `group,${state.gid ?? '*'}` : 'absent';
}

function wantedGroups(before: UserState, wanted: WantedUser): readonly string[] | undefined {
  if (wanted.groups === undefined) return undefined;
  const present = before.groups ?? [];
  const list = wanted.append ? [...new Set([...present, ...wanted.groups])] : [...new Set(wanted.groups)];
  const same = list.length === present.length && list.every((name) => present.includes(name));
  return same ? undefined : list;
}

function primary(before: UserState, wanted: WantedUser): Partial<UserState> {
  if (wanted.group === undefined) return {};
  const group = String(wanted.group);
  if (group === before.group || group === String(before.gid)) return {};
  return { group, gid: /^[0-9]+$/.test(group) ? Number(group) : undefined };
}

function hashAfter(before: UserState, wanted: WantedUser): Partial<UserState> {
  let hash = before.passwordHash;
  const sets = wanted.password !== undefined && (!before.exists || wanted.updatePassword !== 'on_create');
  if (sets && !samePassword(hash, wanted.password!)) hash = wanted.password;
  // Only what differs is compared: an unreadable hash (not root) never differs by itself.
  if (hash !== undefined && wanted.passwordLock === true && !hash.startsWith('!')) hash = `!${hash}`;
  // Without a password there is nothing to unlock: the account would be open to everybody.
  if (hash !== undefined && wanted.passwordLock === false) hash = hash.replace(/^!+(?=.)/, '');
  return hash === before.passwordHash ? {} : { passwordHash: hash };
}

/** Marks of a locked password are no part of it: `!` and `!!` say the same. An open account is none of them. */
function samePassword(present: string | undefined, wanted: string): boolean {
  if (present === '') return wanted === '';
  return present?.replace(/^!+/, '') === wanted.replace(/^!+/, '');
}

function lockOnly(before: string | undefined, after: string | undefined): UserDetail['lock'] {
  if (before === undefined || after === undefined) return undefined;
  return after === `!${before}` ? 'lock' : before === `!${after}` ? 'unlock' : undefined;
}

/** A folder as other resources name it: passwd keeps the slash at the end that somebody wrote. */
function folder(home: string | undefined): string | undefined {
  return home?.replace(/(.)\/+$/, '$1');
}

/** A home that moves is there already. */
function newHome(before: UserState, wanted: WantedUser): string | undefined {
  if (wanted.state === 'absent' || wanted.createHome === false) return undefined;
  if (!before.exists) return wanted.home ?? `/home/${before.name}`;
  const moves = wanted.moveHome && before.homeExists && wanted.home !== undefined;
  return moves && wanted.home !== before.home ? undefined : (wanted.home ?? before.home);
}

const WORDS: Readonly<Record<string, string>> = {
  passwordHash: 'password',
  homeExists: 'home folder',
  expiresDay: 'day of expiry',
};

function expiryDay(seconds: number): number {
  return seconds < 0 ? -1 : Math.floor(seconds / 86_400);
}

function userChange(
  before: UserState,
  wanted: WantedUser,
  action: UserDetail['action'],
  differs: readonly string[],
  after: UserState,
  groups: readonly string[] | undefined,
  key = `user:${before.name}`,
): Change {
  const lines = differs.map((field) => {
    if (field === 'passwordHash') return 'password: changed';
    if (field === 'homeExists') return `home folder: absent -> present`;
    const [from, to] = [before[field as keyof UserState], after[field as keyof UserState]];
    return `${WORDS[field] ?? field}: ${from ?? '-'} -> ${to ?? '-'}`;
  });
  const prepared =
    action === 'modify'
      ? lines.join('\n')
      : `state: ${before.exists ? 'present' : 'absent'} -> ${wanted.state}`;
  const lock = lockOnly(before.passwordHash, after.passwordHash);
  const detail: UserDetail = {
    name: before.name,
    action,
    wanted,
    groups,
    differs,
    lock,
    ...(after.passwordHash !== before.passwordHash && lock === undefined && { hash: after.passwordHash }),
    home: folder(before.home),
    newHome: folder(newHome(before, wanted)),
    expect: describeUser(before),
  };
  return {
    resource: 'user',
    key,
    summary: `${action} user ${before.name}${action === 'modify' ? ` (${differs.map((field) => WORDS[field] ?? field).join(', ')})` : ''}`,
    undo: 'invertible',
    diff: { prepared },
    predicts: predictUser(before, after, detail),
    detail,
  };
}
