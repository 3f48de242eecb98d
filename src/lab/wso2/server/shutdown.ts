import { setTimeout as delay } from 'node:timers/promises';
import type { Listeners } from './listeners.ts';
import { type Log, source } from './log.ts';

/** How a node stops. */
export interface Shutdown {
  readonly listeners: Listeners;
  readonly log: Log;
  /** `-DgracefulShutdown=false` turns the waiting off. */
  readonly graceful: boolean;
  /** The longest wait for requests in flight. */
  readonly socketTimeoutMs: number;
  /** How much longer a `slow-stop` takes. */
  readonly lingerMs: number;
}

/** Gives what stops the node: drains, logs and exits. The pid file stays, as it does with the real server. */
export function shutdownWith(how: Shutdown): (graceful: boolean, code: number) => void {
  let stopping = false;
  return (graceful, code) => {
    if (stopping) return;
    stopping = true;
    void stop(how, graceful && how.graceful).then(() => process.exit(code));
  };
}

async function stop(
  { listeners, log, socketTimeoutMs, lingerMs }: Shutdown,
  graceful: boolean,
): Promise<void> {
  const say = (line: string) => log('INFO', source.shutdown, line);
  if (graceful) {
    say('Gracefully shutting down WSO2 Micro Integrator...');
    say('Starting to switch to maintenance mode...');
    const drained = listeners.drain(socketTimeoutMs);
    say('Stopped all transport listeners');
    say('Waiting for request service completion...');
    await drained;
    say('All requests have been served.');
    say('Waiting for deployment completion...');
    say('All deployment tasks have been completed.');
    say('Waiting for server task completion...');
    say('All server tasks have been completed.');
  }
  await delay(lingerMs);
  log('INFO', source.tasksComponent, 'Shutting down the task manager');
  say('Micro Integrator Shutdown complete');
}
