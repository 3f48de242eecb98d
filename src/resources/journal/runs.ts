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
}

/** Gives the runs whose journals are on the host, oldest first. */
export async function listRuns(session: Session): Promise<HostRun[]> {
  const { stdout } = await runScript(session, [
    stateFolder(session),
    'for co_f in "$co_state"/runs/*/journal; do',
    '[ -f "$co_f" ] || continue',
    'co_x=${co_f%/journal}',
    'read -r co_1 co_2 co_3 co_4 co_5 co_6 <"$co_f"',
    `printf '%s %s ' "\${co_x##*/}" "$co_5"; grep -c '^[0-9a-f]* [0-9]* B ' "$co_f"`,
    'done; :',
  ]);
  return stdout
    .toString()
    .split('\n')
    .map((line) => /^(\S+) (\d+) (\d+)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, run, startedAt, entries]) => ({
      run: run!,
      startedAt: Number(startedAt),
      entries: Number(entries),
    }))
    .sort((a, b) => a.startedAt - b.startedAt || (a.run < b.run ? -1 : 1));
}

/**
 * Removes the journals of all but the newest `keep` runs (never those in `spare`), and every before-image that no journal
 * names any more. Gives the removed runs. The caller holds the host's lock.
 */
export async function collectGarbage(
  session: Session,
  options: { readonly keep: number; readonly spare?: readonly string[] },
): Promise<string[]> {
  const runs = await listRuns(session);
  const spare = new Set([session.run, ...(options.spare ?? [])]);
  const old = runs
    .slice(0, Math.max(0, runs.length - Math.max(1, options.keep)))
    .filter(({ run }) => !spare.has(run));
  await runScript(session, [
    stateFolder(session),
    'cd "$co_state" 2>/dev/null || exit 0',
    ...old.map(({ run }) => `rm -rf runs/${quote(run)}`),
    // Every run of 64 hex digits in a journal is the name of an object that must stay.
    "cat runs/*/journal 2>/dev/null | tr ' ,:' '\\n\\n\\n' | grep -x '[0-9a-f]\\{64\\}' | sort -u >.gc.keep",
    'ls objects 2>/dev/null | grep -v -x -F -f .gc.keep | while IFS= read -r co_f; do rm -f "objects/$co_f"; done',
    'rm -f .gc.keep',
  ]);
  return old.map(({ run }) => run);
}
