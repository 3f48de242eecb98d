import type { Cursor } from '../cursor.ts';
import { quote } from '../shell.ts';
import type { GroupState, UserState } from '../states.ts';

/** Which account or group is asked for. */
export interface AccountQuery {
  readonly name: string;
}

/** Gives the shell lines that answer these questions. */
export function accountProbeScript(kind: 'user' | 'group', queries: readonly AccountQuery[]): string[] {
  return queries.map(({ name }) => `co_ask_${kind} ${quote(name)}`);
}

/** Reads accounts. */
export function readUsers(cursor: Cursor, queries: readonly AccountQuery[]): UserState[] {
  return queries.map(({ name }) => readUser(cursor, name));
}

/** Reads groups. */
export function readGroups(cursor: Cursor, queries: readonly AccountQuery[]): GroupState[] {
  return queries.map(({ name }) => {
    const [, , gid, members = ''] = cursor.line().split(':');
    if (gid === undefined) return { name, exists: false };
    return {
      name,
      exists: true,
      gid: Number(gid),
      members: members.split(',').filter((member) => member !== ''),
    };
  });
}

function readUser(cursor: Cursor, name: string): UserState {
  const [, , uid, gid, comment, home, shell] = cursor.line().split(':');
  if (uid === undefined) return { name, exists: false };
  const shadow = cursor.line();
  const group = cursor.line();
  const groups = cursor.line();
  const homeExists = cursor.line() === 'home';
  const [, passwordHash, , , , , , expires] = shadow.split(':');
  return {
    name,
    exists: true,
    uid: Number(uid),
    gid: Number(gid),
    group,
    groups: groups === '' ? [] : groups.split('+'),
    comment,
    home,
    shell,
    ...(shadow !== '' && { passwordHash, expiresDay: expires === '' ? -1 : Number(expires) }),
    homeExists,
  };
}
