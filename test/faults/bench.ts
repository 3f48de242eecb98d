/** What the fault tests share: a lab, the real command line as a process of its own, and what must be gone afterwards. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent, RunInfo } from '../../src/journal/index.ts';
import { diffManifests, type LabOptions, labDown, labUp, treeManifest } from '../../src/lab/index.ts';
import { PROGRAM } from '../program.ts';
import { signalProcess } from '../signal.ts';

const here = import.meta.dirname;

/** What a command printed and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is started. */
export interface Start {
  readonly env?: Readonly<Record<string, string>>;
  /** The controller's state folder; default: one for the whole bench. */
  readonly home?: string;
  readonly cwd?: string;
  /** `event:N` or `write:N`: the controller kills itself there. */
  readonly kill?: string;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves at the first NDJSON event that fits (start it with `--output ndjson`). Rejects when the command ends before. */
  until(fits: (event: RunEvent) => boolean): Promise<RunEvent>;
  /** Resolves when the standard error contains this. */
  says(text: string): Promise<void>;
}

export interface BenchHost {
  readonly name: string;
  readonly root: string;
  readonly port: number;
  readonly pid: number | undefined;
}

/** A lab with a controller beside it. */
export interface Bench {
  readonly dir: string;
  readonly inventory: string;
  readonly hosts: readonly BenchHost[];
  start(args: readonly string[], start?: Start): Running;
  cutover(args: readonly string[], start?: Start): Promise<Ended>;
  runs(home?: string): Promise<readonly RunInfo[]>;
  /** Kills what is left running on a host and looks like this. */
  endProcesses(host: number, like: RegExp): Promise<void>;
  down(): Promise<void>;
}

/** Makes a lab. */
export async function bench(options: Omit<LabOptions, 'dir'> = {}): Promise<Bench> {
  const dir = mkdtempSync(join(tmpdir(), 'cutover-faults-'));
  const lab = join(dir, 'lab');
  const state = await labUp({ dir: lab, hosts: 1, ...options }).catch((error) => {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  });
  const started = new Set<ChildProcess>();
  const start = (args: readonly string[], how: Start = {}): Running => {
    const hook = how.kill === undefined ? [] : ['--import', join(here, 'kill-self.ts')];
    const child = spawn(process.execPath, [...hook, PROGRAM, ...args], {
      cwd: how.cwd ?? dir,
      env: {
        ...process.env,
        CUTOVER_HOME: how.home ?? join(dir, 'controller'),
        ANSIBLE_CONFIG: '/dev/null',
        NODE_NO_WARNINGS: '1',
        NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
        ...(how.kill === undefined ? {} : { CUTOVER_TEST_KILL: how.kill }),
        ...how.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.add(child);
    child.once('close', () => started.delete(child));
    return watch(child);
  };
  return {
    dir,
    inventory: state.inventory,
    hosts: state.hosts.map(({ name, root, port, pid }) => ({ name, root, port, pid })),
    start,
    cutover: (args, how) => start(args, how).ended,
    async runs(home) {
      const ended = await start(['runs', '--json'], home === undefined ? {} : { home }).ended;
      return JSON.parse(ended.stdout) as RunInfo[];
    },
    async endProcesses(host, like) {
      await settled(() => {
        const left = processesOf(state.hosts[host]!.root).filter((line) => like.test(line));
        for (const line of left) {
          try {
            signalProcess(Number(line.split(' ')[0]), 'SIGKILL');
          } catch {
            // It has just ended.
          }
        }
        return left;
      });
    },
    async down() {
      for (const child of started) child.kill('SIGKILL');
      await labDown({ dir: lab });
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function watch(child: ChildProcess): Running {
  let stdout = '';
  let stderr = '';
  let seen = 0;
  const events: RunEvent[] = [];
  const checks = new Set<() => void>();
  child.stdout!.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const check of checks) check();
  });
  child.stderr!.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    for (const check of checks) check();
  });
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    stdout,
    stderr,
  }));
  const eventually = <T>(look: () => T | undefined, what: string): Promise<T> =>
    new Promise((resolve, reject) => {
      const check = () => {
        const found = look();
        if (found === undefined) return;
        checks.delete(check);
        resolve(found);
      };
      checks.add(check);
      child.once('close', () => reject(new Error(`the command ended before ${what}:\n${stdout}\n${stderr}`)));
      check();
    });
  return {
    child,
    ended,
    until: (fits) =>
      eventually(() => {
        const lines = stdout.split('\n');
        for (; seen < lines.length - 1; seen++) events.push(JSON.parse(lines[seen]!) as RunEvent);
        return events.find(fits);
      }, 'that event'),
    says: (text) =>
      eventually(() => (stderr.includes(text) ? (true as const) : undefined), `it said "${text}"`).then(
        () => {},
      ),
  };
}

/** Gives what is in a folder, to be compared. */
export function picture(folder: string) {
  return treeManifest(folder);
}

/** Gives the differences of two pictures, a line each. */
export const differences = diffManifests;

/** Gives what a run leaves on a host though it must not: temporary files, folders of lanes, the lock (that of a killed run stays until the next one). */
export async function leftovers(root: string, lockMayStay = false): Promise<readonly string[]> {
  const state = join(root, 'var/lib/cutover');
  const entries = await treeManifest(root);
  const found = entries
    .map((entry) => entry.path)
    .filter((path) => /\.part$|\.out$|(?:^|\/)tmp\/cutover-/.test(path));
  if (!lockMayStay && existsSync(join(state, 'lock'))) found.push('var/lib/cutover/lock');
  return found;
}

/** Gives the command lines of processes whose environment says that they belong to this host. */
export function processesOf(root: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
        if (!environment.includes(`HOME=${root}`)) return [];
        return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()}`];
      } catch {
        return [];
      }
    });
}

/** Waits until a look gives nothing more, and gives what is still there after the time limit (milliseconds). */
export async function settled(
  look: () => readonly string[] | Promise<readonly string[]>,
  withinMs = 5000,
): Promise<readonly string[]> {
  const until = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found.length === 0 || Date.now() > until) return found;
    await delay(20);
  }
}

/** Does the work for each item, a few at a time. */
export async function eachOf<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, worker: number) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: atOnce }, async (_, worker) => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item, worker);
    }),
  );
}

/** Makes a folder with its parents, and gives it. */
export function folder(...parts: string[]): string {
  const path = join(...parts);
  mkdirSync(path, { recursive: true });
  return path;
}
