import { z } from 'zod';
import { type GroupState, groupState, setGroup } from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { boolean, choice, integer, text } from '../params.ts';
import { defineModule } from '../types.ts';
import { ownerOf, ownerProbe } from './owner.ts';

const params = z
  .strictObject({
    name: text.describe('Name of the group.'),
    state: choice('present', 'absent').default('present').describe('Whether there shall be such a group.'),
    gid: integer.optional().describe('Its number.'),
    system: boolean.default(false).describe('Take a number from the range of system groups.'),
    local: boolean.default(false).describe('Accepted; groups are always kept in the local files.'),
    non_unique: boolean.default(false).describe('Allow a number that another group has.'),
    force: boolean.default(false).describe('Delete it even when it is the primary group of a user.'),
    gid_min: integer.optional().describe('Accepted; /etc/login.defs counts.'),
    gid_max: integer.optional().describe('Accepted; /etc/login.defs counts.'),
  })
  .refine((given) => !given.non_unique || given.gid !== undefined, { message: 'non_unique needs gid' });

type Params = z.infer<typeof params>;

/** Whether the group is to get a number that nobody else may have. */
function wantsNumber({ state, gid, non_unique }: Params, before: GroupState | Unknown | undefined): boolean {
  if (state === 'absent' || gid === undefined || non_unique) return false;
  return before !== undefined && !isUnknown(before) && before.gid !== gid;
}

/** Groups of the host. */
export default defineModule({
  name: 'group',
  summary: 'Creates, changes and deletes groups.',
  params,
  needs(given, seen) {
    const own = groupState(given.name);
    if (!wantsNumber(given, seen.get(own))) return [own];
    const owner = ownerOf(seen.get(ownerProbe(given.gid!)));
    return [own, ownerProbe(given.gid!), ...(owner === undefined ? [] : [groupState(owner)])];
  },
  plan(given, seen) {
    const before = answer(seen, groupState(given.name));
    if (isUnknown(before)) return unknownPlan(before, { name: given.name, state: given.state });
    const owner = wantsNumber(given, before) ? ownerOf(seen.get(ownerProbe(given.gid!))) : undefined;
    const taken = owner === undefined ? undefined : seen.get(groupState(owner));
    // Asked for by name too: a dry run may have foreseen that it gets another number.
    if (taken !== undefined && !isUnknown(taken) && taken.exists && taken.gid === given.gid) {
      // As luseradd's kin say it, which Ansible asks with `local`: it looks itself then.
      const who = given.local ? '' : `${before.exists ? 'groupmod' : 'groupadd'}: `;
      return { changes: [], failed: `${who}GID '${given.gid}' already exists with group '${owner}'` };
    }
    const changes = setGroup(before, {
      state: given.state,
      gid: given.gid,
      nonUnique: given.non_unique || undefined,
      system: given.system || undefined,
      force: given.force || undefined,
    });
    return {
      changes,
      result: (outcomes) => ({
        name: given.name,
        state: given.state,
        ...(given.state === 'absent'
          ? {}
          : { gid: outcomes[0]?.result?.gid ?? given.gid ?? before.gid, system: given.system }),
      }),
    };
  },
});
