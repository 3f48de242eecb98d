import {
  type Change,
  type CommandResult,
  commandOutput,
  type FileContent,
  fileContent,
  type Observed,
  type Probe,
  runCommand,
  setFile,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { commandFailure } from '../command/result.ts';
import { backupOf } from '../file-result.ts';
import { writeText } from '../text-file.ts';
import type { Plan, PlanContext } from '../types.ts';

/** A crontab as it was seen, and how a new text gets into its place. */
export interface Table {
  readonly text: string;
  /** Bytes of the file behind it, for a backup. */
  readonly file: FileContent | undefined;
  set(text: string): Change[];
}

/** Where a table is kept: a file that we may write ourselves, or only reachable through crontab(1). */
interface Spool {
  readonly user: string;
  readonly path: string | undefined;
  readonly group: string | undefined;
}

/** The file of a `cron_file` parameter. */
export function cronFile(name: string): string {
  return name.startsWith('/') ? name : `/etc/cron.d/${name}`;
}

/** What to ask to see a table: of a file, or of a user (undefined: who the task runs as). */
export function tableProbes(file: string | undefined, user: string | undefined, seen: Observed): Probe[] {
  if (file !== undefined) return [fileContent(file, { follow: true })];
  const probe = spoolProbe(user);
  const said = seen.get(probe);
  if (said === undefined || isUnknown(said) || said.rc !== 0) return [probe];
  const spool = readSpool(said.stdout);
  return [probe, spool.path === undefined ? listProbe(spool.user) : fileContent(spool.path)];
}

/** Gives the table, or why there is none. */
export function seenTable(
  file: string | undefined,
  user: string | undefined,
  seen: Observed,
): Table | Unknown | { readonly failed: string } {
  if (file !== undefined) {
    const state = seen.get(fileContent(file, { follow: true }))!;
    return isUnknown(state) ? state : fileTable(state, {});
  }
  const said = seen.get(spoolProbe(user))!;
  if (isUnknown(said)) return said;
  if (said.rc !== 0) return { failed: said.stderr.trim() || 'there is no crontab on the target' };
  const spool = readSpool(said.stdout);
  if (spool.path !== undefined) {
    const state = seen.get(fileContent(spool.path))!;
    return isUnknown(state)
      ? state
      : fileTable(state, { owner: spool.user, group: spool.group, mode: '0600' });
  }
  const listed = seen.get(listProbe(spool.user))!;
  return isUnknown(listed) ? listed : commandTable(spool.user, listed);
}

/** Plans to put an edited text in the place of a table. `names` is what the result says of its entries. */
export function planTable(
  table: Table,
  text: string,
  given: { readonly cron_file?: string | undefined; readonly backup: boolean },
  names: Readonly<Record<string, unknown>>,
  context: PlanContext,
): Plan {
  const changes = text === table.text ? [] : table.set(text);
  const backup = table.file && backupOf(context, table.file, given.backup && changes.length > 0);
  return {
    changes,
    effects: backup?.effects ?? [],
    warnings: backup?.warnings ?? [],
    result: (outcomes) => ({
      ...names,
      ...(given.cron_file === undefined ? {} : { cron_file: given.cron_file }),
      ...backup?.result,
      ...commandFailure(outcomes),
    }),
  };
}

function fileTable(
  state: FileContent,
  fresh: { readonly owner?: string; readonly group?: string | undefined; readonly mode?: string },
): Table {
  return {
    text: state.bytes?.toString('utf8') ?? '',
    file: state,
    set(text) {
      // As in Ansible, a file with nothing but white space in it goes.
      if (text.trim() === '' && fresh.owner === undefined) return setFile(state, { type: 'absent' });
      return writeText(state, text, fresh);
    },
  };
}

function commandTable(user: string, listed: CommandResult): Table {
  const before = listed.rc === 0 ? listed.stdout : '';
  return {
    text: before,
    file: undefined,
    set: (text) => [
      {
        ...runCommand(
          { argv: ['/bin/sh', '-c', SET, 'sh', user], stdin: text },
          { undo: 'irreversible', summary: `crontab of ${user}` },
        ),
        diff: { before, after: text },
      },
    ],
  };
}

function spoolProbe(user: string | undefined): Probe<CommandResult> {
  return commandOutput({ argv: ['/bin/sh', '-c', SPOOL, 'sh', user ?? ''] });
}

function listProbe(user: string): Probe<CommandResult> {
  return commandOutput({ argv: ['/bin/sh', '-c', LIST, 'sh', user] });
}

function readSpool(output: string): Spool {
  const [user, path, group] = output.split('\n');
  return { user: user ?? '', path: path || undefined, group: group || undefined };
}

// Prints the user, and the file of their table and the group of its folder where we may write there: root on Debian, RHEL, SUSE.
// busybox crond does not notice a new file by itself, so /etc/crontabs is left to crontab(1).
const SPOOL = `
user=\${1:-$(id -un)}
id "$user" >/dev/null || exit 1
command -v crontab >/dev/null || { echo "there is no crontab command on the target" >&2; exit 1; }
echo "$user"
for folder in /var/spool/cron/crontabs /var/spool/cron/tabs /var/spool/cron; do
  [ -d "$folder" ] || continue
  if [ -L "$folder" ] || [ "$(id -u)" != 0 ]; then break; fi
  case $(readlink -f "$(command -v crontab)") in *busybox*) break ;; esac
  echo "$folder/$user"
  # shellcheck disable=SC2012
  ls -ld "$folder" | { read -r mode links owner group rest; echo "$group"; }
  exit 0
done
`;

// Only root may name somebody else.
const LIST = 'if [ "$(id -un)" = "$1" ]; then crontab -l; else crontab -u "$1" -l; fi';
const SET = 'if [ "$(id -un)" = "$1" ]; then crontab -; else crontab -u "$1" -; fi';
