/** Signals to processes that a test learnt of from text. That text may be empty, and `kill(0)` is the whole process group, with the test runner and whoever called it. */

/** Signals a process. Throws where `pid` is none, such as 0. */
export function signalProcess(pid: number, signal: NodeJS.Signals = 'SIGTERM'): void {
  process.kill(known(pid), signal);
}

/** Signals the process group of `leader`. Throws where that is no process, such as 0. */
export function signalGroup(leader: number, signal: NodeJS.Signals = 'SIGTERM'): void {
  process.kill(-known(leader), signal);
}

function known(pid: number): number {
  if (Number.isInteger(pid) && pid > 1) return pid;
  throw new Error(`${pid} is no process of a test`);
}
