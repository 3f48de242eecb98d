/**
 * The background process of the embedded back end: one SSH server per practice host.
 *
 * `labUp` starts it detached with the path of its plan as the only argument, and waits for one message with
 * the ports (or the error) over the IPC channel. It leaves on SIGTERM, or when its plan is deleted.
 */
import { existsSync, readFileSync } from 'node:fs';
import { type EmbeddedHost, listen } from './host.ts';

/** What the background process tells its starter. */
export type StartMessage = { readonly ports: readonly number[] } | { readonly error: string };

/** Gives the hosts of a plan file, which `start.ts` wrote. */
function readPlan(path: string): readonly EmbeddedHost[] {
  return JSON.parse(readFileSync(path, 'utf8')) as readonly EmbeddedHost[];
}

async function main(planPath: string): Promise<void> {
  const tell = (message: StartMessage) => process.send?.(message, () => process.disconnect());
  // One client's mistake must not take the other hosts down; the line lands in embedded.log.
  process.on('uncaughtException', (error) => console.error(new Date().toISOString(), error));
  process.on('SIGTERM', () => process.exit(0));
  process.on('SIGHUP', () => {});
  try {
    const ports = await Promise.all(readPlan(planPath).map(listen));
    tell({ ports });
  } catch (error) {
    tell({ error: String(error) });
    process.exitCode = 1;
    return;
  }
  setInterval(() => existsSync(planPath) || process.exit(0), 2000);
}

await main(process.argv[2]!);
