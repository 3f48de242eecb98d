/** Something on a host that only a program can show and set: a firewall rule, an access list, a database. */
import {
  type Change,
  type CommandResult,
  type CommandSpec,
  commandOutput,
  type Probe,
  runCommand,
} from '../resources/index.ts';

/** How it is shown and put back; see `Inverse`. */
export interface Setting {
  readonly key: string;
  readonly look: readonly string[];
  readonly back: readonly string[];
}

/** A file that a program makes, with others beside it: a rollback removes them when the first was not there before. */
export function madeFile(key: string, path: string, ...beside: readonly string[]): Setting {
  const look = 'if [ -e "$1" ]; then cksum <"$1"; else echo absent; fi';
  const back = 'read -r was; [ "$was" = absent ] && rm -f "$@"';
  return {
    key,
    look: ['/bin/sh', '-c', look, 'sh', path],
    back: ['/bin/sh', '-c', back, 'sh', path, ...beside],
  };
}

/** Asks what the setting is now: `look` prints it. */
export function settingProbe({ look }: Setting): Probe<CommandResult> {
  return commandOutput({ argv: look });
}

/** Gives the change that sets it by a command, and is taken back by `back`. */
export function changeSetting(
  setting: Setting,
  wish: {
    /** What was seen; undefined for what comes behind another change of the setting. */
    readonly before: CommandResult | undefined;
    readonly act: CommandSpec;
    readonly summary: string;
    /** What `look` will print, where that is known: later tasks of a dry run see it. */
    readonly after?: string;
    readonly diff?: Change['diff'];
  },
): Change {
  const { before, act, summary, after } = wish;
  const change = runCommand(act, { ...setting, summary, ...(before && { seen: before.stdout }) });
  const diff = wish.diff ?? (before && after !== undefined ? { before: before.stdout, after } : undefined);
  return {
    ...change,
    ...(diff && { diff }),
    ...(after === undefined ? {} : { predicts: new Map([[settingProbe(setting).key, shown(after)]]) }),
  };
}

/** The answer of a probe that printed this text. */
export function shown(stdout: string): CommandResult {
  return { rc: 0, stdout, stderr: '', stdoutBytes: Buffer.from(stdout), startedAt: 0, endedAt: 0 };
}
