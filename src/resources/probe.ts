import { askShell } from './ask-shell.ts';
import { request } from './http/request.ts';
import type { HttpSpec, WaitSpec } from './specs.ts';
import type { Probe, Session } from './types.ts';
import { waitUntil } from './wait/wait.ts';

/** Files in one frame; a loop over more is split, so that no shell meets an argument list that is too long. */
const FILES_PER_FRAME = 1000;

/**
 * Asks all probes and gives their answers by key. Equal keys are asked once. Everything that a shell can answer goes as one
 * frame; requests and waits run beside it. Throws what the lane throws, and CutoverError('command') when the host cannot answer.
 */
export async function probeAll(session: Session, probes: readonly Probe[]): Promise<Map<string, unknown>> {
  const unique = [...new Map(probes.map((probe) => [probe.key, probe])).values()];
  const shell = unique.filter(({ resource }) => resource !== 'http' && resource !== 'wait');
  const answers = new Map<string, unknown>();
  const asks = unique.map(async ({ resource, key, query }) => {
    if (resource === 'http') answers.set(key, await request(session, query as HttpSpec));
    if (resource === 'wait') answers.set(key, await waitUntil(session, query as WaitSpec));
  });
  const frames: Promise<void>[] = [];
  for (let at = 0; at < shell.length; at += FILES_PER_FRAME)
    frames.push(askShell(session, shell.slice(at, at + FILES_PER_FRAME), answers));
  await Promise.all([...asks, ...frames]);
  return answers;
}
