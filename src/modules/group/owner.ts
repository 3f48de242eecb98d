import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';

/** Asks which group has a number. */
export function ownerProbe(gid: number): Probe<CommandResult> {
  const script = `getent group "$1" 2>/dev/null || while IFS=: read -r name _ gid _; do
[ "$gid" != "$1" ] || { echo "$name:"; break; }
done </etc/group`;
  return commandOutput({ argv: ['/bin/sh', '-c', script, 'sh', String(gid)] });
}

/** Gives the name of the group in the answer; undefined when none has the number, or nobody knows. */
export function ownerOf(said: CommandResult | Unknown | undefined): string | undefined {
  return said === undefined || isUnknown(said) ? undefined : /^([^:\n]+):/.exec(said.stdout)?.[1];
}
