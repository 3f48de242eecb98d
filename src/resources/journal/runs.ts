import { runScript, stateFolder } from '../session.ts';
import { quote } from '../shell.ts';
import type { Session } from '../types.ts';

/** A run whose journal is on a host. */
export interface HostRun {
  readonly run: string;
  /** Epoch seconds of its first change, on the host's clock. */
  readonly startedAt: number;
  /** How many changes it recorded. */
  readonly entries: number;
  /** It was cut short in a change, and nobody has taken that back yet. */
  readonly open: boolean;
}

/** Gives the runs whose journals are on the host, oldest first. */
export async function listRuns(session: Session): Promise<HostRun[]> {
  const { stdout } = await runScript(session, [
    stateFolder(session),
    'for co_f in "$co_state"/runs/*/journal; do',
    '[ -f "$co_f" ] || continue',
    'co_x=${co_f%/journal}',
    'read -r co_1 co_2 co_3 co_4 co_5 co_6 <"$co_f"',
    `printf '%s %s' "\${co_x##*/}" "$co_5"`,
    // Changes that were begun, that came to an end, and that were taken back.
    `for co_x in B '[CF]' V; do printf ' %s' "$(grep -c "^[0-9a-f]* [0-9]* $co_x " "$co_f")"; done; echo`,
    'done; :',
  ]);
  return stdout
    .toString()
    .split('\n')
    .map((line) => /^(\S+) (\d+) (\d+) (\d+) (\d+)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, run, startedAt, entries, ended, undone]) => ({
      run: run!,
      startedAt: Number(startedAt),
      entries: Number(entries),
      open: Number(entries) > Number(ended) && Number(entries) > Number(undone),
    }))
    .sort((a, b) => a.startedAt - b.startedAt || (a.run < b.run ? -1 : 1));
}

/** Removes the journals of runs, and every before-image that no journal names any more. The caller holds the host's lock. */
export async function removeRuns(session: Session, runs: readonly string[]): Promise<void> {
  await runScript(session, [
    stateFolder(session),
    'cd "$co_state" 2>/dev/null || exit 0',
    ...runs.map((run) => `rm -rf runs/${quote(run)}`),
    // Every run of 64 hex digits in a journal is the name of an object that must stay.
    "cat runs/*/journal 2>/dev/null | tr ' ,:' '\\n\\n\\n' | grep -x '[0-9a-f]\\{64\\}' | sort -u >.gc.keep || { rm -f .gc.keep; exit 1; }",
    'ls objects 2>/dev/null | grep -v -x -F -f .gc.keep | while IFS= read -r co_f; do rm -f "objects/$co_f"; done',
    'rm -f .gc.keep',
  ]);
}

/** Gives how much the state folder holds on the host's disk, in bytes. */
export async function stateBytes(session: Session): Promise<number> {
  const { stdout } = await runScript(session, [
    stateFolder(session),
    'if [ -d "$co_state" ]; then du -sk "$co_state"; else echo 0; fi',
  ]);
  return 1024 * (Number.parseInt(stdout.toString(), 10) || 0);
}
