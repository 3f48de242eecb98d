import { predictPath } from '../file/predict.ts';
import type { UserState } from '../states.ts';
import type { UserDetail } from './detail.ts';

/**
 * Gives what later probes will see once the change is done: the account, and the home that comes or goes with it. The mode
 * of a new home is the host's choice (login.defs) and stays open.
 */
export function predictUser(before: UserState, after: UserState, detail: UserDetail): Map<string, unknown> {
  const { name, newHome, home, action, wanted } = detail;
  const seen = new Map<string, unknown>([[`user:${name}`, after]]);
  if (action === 'remove' && wanted.remove && home !== undefined)
    predictPath(seen, { path: home, type: 'absent' }, undefined);
  if (newHome !== undefined && !before.homeExists) {
    const { group } = after;
    predictPath(
      seen,
      {
        path: newHome,
        type: 'directory',
        owner: name,
        group,
        uid: after.uid,
        gid: after.gid,
        parent: 'directory',
      },
      undefined,
    );
  }
  return seen;
}
