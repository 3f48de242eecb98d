/** Numbers that names of users and groups have on a target, for things that come with owners from elsewhere. */
import { type CommandResult, commandOutput, type Probe, quote } from '../resources/index.ts';

/** Names that are asked for. */
export interface OwnerNames {
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** What a target says of them. */
export interface OwnerNumbers {
  /** Number of the user who acts. */
  readonly self: string;
  /** Numbers of the groups that this user is in. */
  readonly own: readonly string[];
  /** Names that the target does not know are missing. */
  readonly users: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, string>;
}

/** Asks for the numbers of names. */
export function ownerProbe(names: OwnerNames): Probe<CommandResult> {
  const { users, groups } = sorted(names);
  return commandOutput({
    script: `number() {
  line=$(getent "$1" "$2" 2>/dev/null || grep "^$2:" "/etc/$1") || { echo -; return; }
  line=\${line#*:*:}
  echo "\${line%%:*}"
}
id -u
${users.map((name) => `number passwd ${quote(name)}`).join('\n')}
${groups.map((name) => `number group ${quote(name)}`).join('\n')}
id -G
`,
  });
}

/** Reads the answer of `ownerProbe`. */
export function readOwners(names: OwnerNames, { stdout }: CommandResult): OwnerNumbers {
  const { users, groups } = sorted(names);
  const [self = '', ...ids] = stdout.split('\n');
  const own = ids[users.length + groups.length] ?? '';
  const known = (all: readonly string[], from: number) =>
    new Map(
      all.flatMap((name, index): [string, string][] => {
        const id = ids[from + index] ?? '';
        return /^[0-9]+$/.test(id) ? [[name, id]] : [];
      }),
    );
  return { self, own: own.split(' '), users: known(users, 0), groups: known(groups, users.length) };
}

function sorted({ users, groups }: OwnerNames): OwnerNames {
  const once = (all: readonly string[]) => [...new Set(all)].filter((name) => name !== '').sort();
  return { users: once(users), groups: once(groups) };
}
