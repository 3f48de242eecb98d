import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The environment variable that every process of a lab carries, with the lab's folder as its value. */
export const LAB_MARK = 'CUTOVER_LAB';

/** Whether a process lives (zombies count as dead where /proc tells). */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/\) [ZX] /.test(stat);
}

/** Gives the processes that were started inside the lab of `dir`, by the mark in their environment; where there is no /proc, by its path in their command line. */
export async function markedProcesses(dir: string): Promise<number[]> {
  const entries = await readdir('/proc').catch(() => undefined);
  if (entries === undefined) return processesNaming(dir);
  const pids = entries.map(Number).filter((pid) => pid > 1 && pid !== process.pid);
  const found = await Promise.all(pids.map(async (pid) => ((await carriesMark(pid, dir)) ? [pid] : [])));
  return found.flat();
}

/** Whether a process belongs to the lab of `dir`; guards a stored pid against reuse. */
export async function hasMark(pid: number, dir: string): Promise<boolean> {
  return existsSync('/proc') ? carriesMark(pid, dir) : (await processesNaming(dir)).includes(pid);
}

async function carriesMark(pid: number, dir: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return environment.split('\0').includes(`${LAB_MARK}=${dir}`);
}

/** For systems without /proc, such as macOS. */
async function processesNaming(dir: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,command=']);
  const lines = stdout.split('\n').filter((line) => line.includes(`${dir}/`));
  return lines.map((line) => Number.parseInt(line, 10)).filter((pid) => pid !== process.pid);
}

/** Gives the direct children of processes, which may have lost the mark (sshd overwrites its environment). */
export async function childrenOf(pids: readonly number[]): Promise<number[]> {
  const lists = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

/** Ends processes: TERM, and KILL for those that live after the grace period (milliseconds; 0: KILL at once). Resolves when all are gone. */
export async function endProcesses(pids: readonly number[], graceMs: number): Promise<void> {
  if (graceMs > 0) {
    signalAll(pids, 'SIGTERM');
    if (await allGone(pids, graceMs)) return;
  }
  signalAll(pids, 'SIGKILL');
  await allGone(pids, 10_000);
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone already.
    }
  }
}

async function allGone(pids: readonly number[], withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  for (;;) {
    const alive = await Promise.all(pids.map(isAlive));
    if (!alive.includes(true)) return true;
    if (Date.now() > until) return false;
    await delay(20);
  }
}
