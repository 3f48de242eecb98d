import type { z } from 'zod';
import {
  type Change,
  type ChangeOutcome,
  setUser,
  type UserState,
  userState,
  type WantedUser,
} from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, endedCommand } from '../command/result.ts';
import { defineModule } from '../types.ts';
import { groupProbes, missingGroup, namedGroups } from './groups.ts';
import { userParams } from './params.ts';
import { ageProbe, setAges, wantsAges } from './password-age.ts';
import { generateKey, keyFile, keyProbes, keyResult, presentKey } from './ssh-key.ts';

type Params = z.infer<typeof userParams>;

/** Accounts of the host. */
export default defineModule({
  name: 'user',
  summary: 'Creates, changes and deletes user accounts.',
  params: userParams,
  pathsAsWritten: ({ home = '' }) => (/^[~$/]/.test(home) ? [] : ['home']),
  needs(given, seen) {
    const probe = userState(given.name);
    if (given.state === 'absent') return [probe];
    const before = seen.get(probe);
    const known = before === undefined || isUnknown(before) ? undefined : before;
    const first = [probe, ...groupProbes(given, known, seen)];
    if (wantsAges(given)) first.push(ageProbe(given.name));
    return given.generate_ssh_key && known ? [...first, ...keyProbes(keyFile(given, known))] : first;
  },
  plan(given, seen) {
    const before = answer(seen, userState(given.name));
    const keys = { name: given.name, state: given.state };
    if (isUnknown(before)) return unknownPlan(before, keys);
    const open = openSetting(given, before);
    if (open) return unknownPlan(open, keys);
    const missing = given.state === 'absent' ? undefined : missingGroup(given, before, seen);
    if (missing !== undefined) return { changes: [], failed: `Group ${missing} does not exist` };
    const changes: Change[] = [
      ...setUser(before, wantedUser({ ...given, groups: namedGroups(given, seen) })),
    ];
    if (given.state === 'absent') {
      return {
        changes,
        result: () => ({ ...keys, remove: given.remove, force: given.force }),
      };
    }
    const ages = wantsAges(given) ? setAges(given, seen) : [];
    if (isUnknown(ages)) return unknownPlan(ages, keys);
    const keyChanges = given.generate_ssh_key ? generateKey(given, before, seen) : [];
    if (isUnknown(keyChanges)) return unknownPlan(keyChanges, keys);
    changes.push(...ages, ...keyChanges);
    const made = keyChanges[0];
    const file = keyFile(given, before);
    const presentText = given.generate_ssh_key ? presentKey(file, seen) : undefined;
    return {
      changes,
      warnings: [...passwordWarnings(given.password), ...appendWarnings(given)],
      result: (outcomes) => ({
        ...keys,
        ...accountKeys(given, before, outcomes),
        ...(given.generate_ssh_key
          ? keyResult(file, presentText, endedCommand(outcomes.find((o) => o.change === made))?.stdout)
          : {}),
        ...commandFailure(outcomes),
      }),
    };
  },
});

/** What the host chooses for an account that a dry run only foresees. */
function openSetting(given: Params, before: UserState): Unknown | undefined {
  if (!before.exists || given.state === 'absent') return undefined;
  const open = (['uid', 'shell'] as const).find(
    (field) => given[field] !== undefined && before[field] === undefined,
  );
  return open && new Unknown(`the ${open} of ${given.name} is known only once the account is made`);
}

function wantedUser(given: Params): WantedUser {
  return {
    state: given.state,
    uid: given.uid,
    nonUnique: given.non_unique || undefined,
    group: given.group,
    groups: given.groups,
    append: given.append || undefined,
    comment: given.comment,
    home: given.home,
    moveHome: given.move_home || undefined,
    createHome: given.create_home,
    // useradd takes no skeleton without a home to fill.
    skeleton: given.create_home ? given.skeleton : undefined,
    shell: given.shell,
    password: given.password,
    updatePassword: given.update_password,
    passwordLock: given.password_lock,
    system: given.system || undefined,
    expires: given.expires,
    umask: given.umask,
    remove: given.remove || undefined,
    force: given.force || undefined,
  };
}

function accountKeys(
  given: Params,
  before: UserState,
  outcomes: readonly ChangeOutcome[],
): Record<string, unknown> {
  const after: Partial<UserState> = {
    ...before,
    ...(outcomes.find((outcome) => outcome.change.resource === 'user')?.result ?? {}),
  };
  const change = outcomes.find((outcome) => outcome.change.resource === 'user');
  return {
    append: given.append,
    comment: given.comment ?? after.comment ?? '',
    ...(before.exists ? {} : { create_home: given.create_home, system: given.system }),
    group: after.gid ?? given.group,
    ...(given.groups === undefined ? {} : { groups: given.groups.join(',') }),
    home: given.home ?? after.home ?? `/home/${given.name}`,
    move_home: given.move_home,
    ...(given.password === undefined ? {} : { password: 'NOT_LOGGING_PASSWORD' }),
    shell: given.shell ?? after.shell ?? '',
    uid: given.uid ?? after.uid,
    ...(change?.status === 'failed' ? { failed: true, msg: change.message } : {}),
  };
}

function appendWarnings({ append, groups }: Params): string[] {
  return append && groups === undefined
    ? ["'append' is set, but no 'groups' are specified. Use 'groups' for appending new groups."]
    : [];
}

// A crypt hash starts with $id$, or is a locked or empty entry; 13 characters is the old DES form (crypt(5)).
function passwordWarnings(password: string | undefined): string[] {
  if (password === undefined || /^!?(?:[*!x]*$|\$.*\$[./0-9A-Za-z=]+$|_|[./0-9A-Za-z]{13}$)/.test(password))
    return [];
  return ['password: this looks like a password, not like its hash; use the filter password_hash'];
}
