import { createReadStream } from 'node:fs';
import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CutoverError } from '../errors/index.ts';
import type { Secrets } from '../secrets/index.ts';
import { stateHome } from './home.ts';
import { storeProblem } from './problem.ts';
import { newRunId } from './runid.ts';
import { openSeal, type Seal } from './seal.ts';
import { summarizeRun } from './summary.ts';
import type { FrozenInputs, RunEvent, RunInfo, RunStore, RunWriter } from './types.ts';
import { createRunWriter } from './writer.ts';

/** Opens the run store of the controller. Nothing is created before the first run. */
export function openRunStore(
  options: { readonly folder?: string; readonly secrets?: Secrets } = {},
): RunStore {
  return new FolderStore(options.folder ?? join(stateHome(), 'runs'), options.secrets);
}

/** One folder per run: `events.ndjson`, `inputs.sealed`, `rolled-back-by`. */
class FolderStore implements RunStore {
  readonly folder: string;
  private readonly secrets: Secrets | undefined;
  private sealing: Promise<Seal> | undefined;

  constructor(folder: string, secrets: Secrets | undefined) {
    this.folder = folder;
    this.secrets = secrets;
  }

  async create(id: string = newRunId()): Promise<RunWriter> {
    const seal = await this.seal();
    return createRunWriter(join(this.folder, id), id, seal, this.secrets);
  }

  async list(): Promise<readonly RunInfo[]> {
    const names = await readdir(this.folder, { withFileTypes: true }).catch((error) => {
      if (error.code === 'ENOENT') return [];
      throw storeProblem(`read the run store ${this.folder}`, error);
    });
    const runs = names
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort()
      .reverse();
    const infos: RunInfo[] = [];
    for (const id of runs) {
      const info = await this.info(id);
      if (info) infos.push(info);
    }
    // Ids tell only seconds apart, and runs can be shorter than that.
    return infos.sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0));
  }

  async find(reference: string, last: 'changed' | 'any' = 'changed'): Promise<RunInfo> {
    const runs = await this.list();
    if (reference === 'last') {
      const newest = runs.find(
        (run) => last === 'any' || (run.command === 'run' && !run.check && run.changed > 0),
      );
      if (newest) return newest;
      throw new CutoverError('usage', `no run of a playbook in ${this.folder} changed anything`, {
        hint: 'see `cutover runs`; what `cutover exec` did is put back by its id',
      });
    }
    const matching = runs.filter(
      (run) => run.id === reference || run.id.startsWith(reference) || run.id.endsWith(`-${reference}`),
    );
    const exact = matching.find((run) => run.id === reference);
    if (exact) return exact;
    if (matching.length === 1) return matching[0]!;
    if (matching.length > 1) {
      throw new CutoverError(
        'usage',
        `"${reference}" fits ${matching.length} runs: ${matching
          .slice(0, 5)
          .map((run) => run.id)
          .join(', ')}`,
      );
    }
    throw new CutoverError('usage', `there is no run "${reference}" in ${this.folder}`, {
      hint: runs.length > 0 ? `the newest is ${runs[0]!.id}; see \`cutover runs\`` : 'the store is empty',
    });
  }

  async *events(id: string): AsyncIterable<RunEvent> {
    const seal = await this.seal();
    const lines = createInterface({
      input: createReadStream(join(this.folder, id, 'events.ndjson')),
      crlfDelay: Number.POSITIVE_INFINITY,
    });
    for await (const line of lines) {
      const event = parseLine(line);
      if (!event) continue;
      const sealed = (event as { sealed?: unknown }).sealed;
      yield typeof sealed === 'string' ? ({ ...event, sealed: seal.open(sealed) } as RunEvent) : event;
    }
  }

  async inputs(id: string): Promise<FrozenInputs> {
    const path = join(this.folder, id, 'inputs.sealed');
    const text = await readFile(path, 'utf8').catch(() => {
      throw new CutoverError('usage', `the run ${id} has no recorded inputs (${path})`, {
        hint: 'it ended before it touched any host',
      });
    });
    return (await this.seal()).open(text) as FrozenInputs;
  }

  async markRolledBack(id: string, by: string): Promise<void> {
    const file = await open(join(this.folder, id, 'rolled-back-by'), 'w', 0o600);
    try {
      await file.writeFile(by);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async remove(id: string): Promise<void> {
    await rm(join(this.folder, id), { recursive: true, force: true });
  }

  async size(id: string): Promise<number> {
    const folder = join(this.folder, id);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    let bytes = 0;
    for (const entry of entries)
      if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
    return bytes;
  }

  private async info(id: string): Promise<RunInfo | undefined> {
    const folder = join(this.folder, id);
    const path = join(folder, 'events.ndjson');
    const text = await readFile(path, 'utf8').catch((error) => {
      if (error.code === 'ENOENT') return undefined;
      throw storeProblem(`read ${path}`, error);
    });
    if (text === undefined) return undefined;
    const by = await readFile(join(folder, 'rolled-back-by'), 'utf8').catch(() => undefined);
    const lines = text.split('\n');
    return summarizeRun(
      id,
      lines.map(parseLine).filter((event) => event !== undefined),
      by,
    );
  }

  private seal(): Promise<Seal> {
    this.sealing ??= openSeal(this.folder);
    return this.sealing;
  }
}

/** A crash can tear the last line: what does not parse was never acted upon, because acting waits for the flush. */
function parseLine(line: string): RunEvent | undefined {
  if (line === '') return undefined;
  try {
    return JSON.parse(line) as RunEvent;
  } catch {
    return undefined;
  }
}
