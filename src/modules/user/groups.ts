import {
  type CommandResult,
  commandOutput,
  groupState,
  type Observed,
  type Probe,
  type UserState,
} from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';

/** The groups that an account shall have. */
export interface WantedGroups {
  readonly group?: string | undefined;
  readonly groups?: readonly string[] | undefined;
}

/** Gives what tells whether the groups are there; the further question only about names that no local group has. */
export function groupProbes(wanted: WantedGroups, before: UserState | undefined, seen: Observed): Probe[] {
  const names = namesOf(wanted);
  const further = before === undefined ? [] : names.filter((name) => lacks(name, before, seen));
  return [...names.map(groupState), ...[...numbered(wanted), ...further].map(elsewhere)];
}

/** Gives the supplementary groups by name, as the account has them; a number that no group has yet stays one. */
export function namedGroups(wanted: WantedGroups, seen: Observed): string[] | undefined {
  return wanted.groups?.map((group) => {
    if (!isNumber(group)) return group;
    const said = seen.get(elsewhere(group));
    const [name] = said !== undefined && !isUnknown(said) && said.rc === 0 ? said.stdout.split(':') : [];
    return name || group;
  });
}

const isNumber = (group: string) => /^[0-9]+$/.test(group);
const numbered = ({ groups = [] }: WantedGroups) => groups.filter(isNumber);

/** Gives the first group that neither the host nor an earlier task of a dry run has. */
export function missingGroup(wanted: WantedGroups, before: UserState, seen: Observed): string | undefined {
  return namesOf(wanted).find((name) => {
    if (!lacks(name, before, seen)) return false;
    const said = seen.get(elsewhere(name));
    return said !== undefined && !isUnknown(said) && said.rc !== 0;
  });
}

/** Whether a number is taken is left to the programs that get it: a dry run does not know which group gets which. */
function namesOf({ group, groups = [] }: WantedGroups): string[] {
  const named = [...(group === undefined ? [] : [group]), ...groups];
  return [...new Set(named)].filter((name) => !/^[0-9]*$/.test(name));
}

function lacks(name: string, before: UserState, seen: Observed): boolean {
  if (name === before.group || before.groups?.includes(name)) return false;
  const state = seen.get(groupState(name));
  return state !== undefined && !isUnknown(state) && !state.exists;
}

/** Groups of a directory service are not in /etc/group. */
function elsewhere(name: string): Probe<CommandResult> {
  return commandOutput({ argv: ['getent', 'group', name] });
}
