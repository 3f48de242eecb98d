import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secrets } from '../secrets/index.ts';
import { maskedEvent } from './masked.ts';
import { storeProblem } from './problem.ts';
import type { Seal } from './seal.ts';
import type { FrozenInputs, RunEvent, RunWriter } from './types.ts';

/** Makes the folder of a new run and opens its event log. */
export async function createRunWriter(
  folder: string,
  id: string,
  seal: Seal,
  secrets: Secrets | undefined,
): Promise<RunWriter> {
  const path = join(folder, 'events.ndjson');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new EventLog(folder, id, await open(path, 'ax', 0o600), seal, secrets);
  } catch (error) {
    throw storeProblem(`write ${path}`, error, 'nothing was changed');
  }
}

/** Events are queued, written in order by one loop, and made durable together: hosts that arm at the same time share one fsync. */
class EventLog implements RunWriter {
  readonly id: string;
  readonly folder: string;
  private readonly log: FileHandle;
  private readonly seal: Seal;
  private readonly secrets: Secrets | undefined;
  private queue: string[] = [];
  private writing: Promise<void> = Promise.resolve();
  private syncing: Promise<void> | undefined;
  private failure: unknown;

  constructor(folder: string, id: string, log: FileHandle, seal: Seal, secrets: Secrets | undefined) {
    this.folder = folder;
    this.id = id;
    this.log = log;
    this.seal = seal;
    this.secrets = secrets;
  }

  append(event: RunEvent): void {
    if (event.type === 'transfer') return;
    const { sealed, ...open } = event as RunEvent & { sealed?: unknown };
    const masked = this.secrets ? maskedEvent(open as RunEvent, this.secrets) : open;
    const record = sealed === undefined ? masked : { ...masked, sealed: this.seal.close(sealed) };
    this.queue.push(`${JSON.stringify(record)}\n`);
    if (this.queue.length === 1) this.writing = this.writing.then(() => this.drain());
  }

  async flush(): Promise<void> {
    // Callers that come while a sync waits for its turn share it: it will cover what they have queued.
    this.syncing ??= this.writing.then(async () => {
      this.syncing = undefined;
      await this.drain();
      if (this.failure === undefined) await this.log.datasync().catch((error) => this.fail(error));
    });
    await this.syncing;
    if (this.failure !== undefined) {
      throw storeProblem(
        `write the run log ${join(this.folder, 'events.ndjson')}`,
        this.failure,
        'nothing more is changed on any host; free some space, then use `cutover rollback`',
      );
    }
  }

  async freeze(inputs: FrozenInputs): Promise<void> {
    const path = join(this.folder, 'inputs.sealed');
    try {
      const file = await open(`${path}.part`, 'w', 0o600);
      try {
        await file.writeFile(this.seal.close(inputs));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.part`, path);
    } catch (error) {
      await rm(`${path}.part`, { force: true });
      throw storeProblem(`write ${path}`, error, 'nothing was changed');
    }
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.log.close();
    }
  }

  private async drain(): Promise<void> {
    if (this.queue.length === 0) return;
    const lines = this.queue;
    this.queue = [];
    // Behind half a line nothing could be read.
    if (this.failure !== undefined) return;
    await this.log.appendFile(lines.join('')).catch((error) => this.fail(error));
  }

  private fail(error: unknown): void {
    this.failure ??= error;
  }
}
