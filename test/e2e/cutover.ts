/** What the operator's stories share: the real command line in a process of its own, labs, manifests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunEvent } from '../../src/journal/index.ts';
import {
  diffManifests,
  type LabOptions,
  labDown,
  labStatus,
  labUp,
  treeManifest,
} from '../../src/lab/index.ts';
import { PROGRAM } from '../program.ts';

const root = resolve(import.meta.dirname, '../..');
const UPGRADE = join(root, 'playbooks/wso2-mi-upgrade/upgrade.yml');

/** What a command printed and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A lab of its own, with a controller's state folder beside it. */
export interface Rehearsal {
  readonly dir: string;
  readonly inventory: string;
  /** Runs cutover to its end. */
  cutover(...args: string[]): Promise<Ended>;
  /** Starts cutover with NDJSON output; `until` resolves at the first event that fits. */
  start(...args: string[]): {
    readonly child: ChildProcess;
    until(fits: (event: RunEvent) => boolean): Promise<RunEvent>;
  };
  /** `4.0.0 running` per node. */
  versions(): Promise<string[]>;
  /** Everything on the hosts but logs, pid files, temporary files and the journal. */
  manifests(): Promise<ReadonlyMap<string, Awaited<ReturnType<typeof treeManifest>>>>;
  down(): Promise<void>;
}

/** The upgrade's command line on this lab, quick where patience would only cost time. */
export const upgradeArgs = (rehearsal: Rehearsal, ...more: string[]): string[] => [
  'run',
  UPGRADE,
  '-i',
  rehearsal.inventory,
  '-e',
  'mi_soak_seconds=1',
  ...more,
];

/** Makes a lab. */
export async function rehearse(options: Omit<LabOptions, 'dir'>): Promise<Rehearsal> {
  const dir = mkdtempSync(join(tmpdir(), 'cutover-e2e-'));
  const lab = join(dir, 'lab');
  const state = await labUp({ dir: lab, ...options });
  const spawnCutover = (args: readonly string[]) =>
    spawn(process.execPath, [PROGRAM, ...args], {
      cwd: dir,
      env: { ...process.env, CUTOVER_HOME: join(dir, 'controller'), ANSIBLE_CONFIG: '/dev/null' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  return {
    dir,
    inventory: state.inventory,
    async cutover(...args) {
      const child = spawnCutover(args);
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
      });
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, stdout, stderr };
    },
    start(...args) {
      const child = spawnCutover([...args, '--output', 'ndjson']);
      child.stderr.resume();
      const events: RunEvent[] = [];
      const watchers: { fits: (event: RunEvent) => boolean; found: (event: RunEvent) => void }[] = [];
      createInterface({ input: child.stdout }).on('line', (line) => {
        const event = JSON.parse(line) as RunEvent;
        events.push(event);
        for (const watcher of watchers) if (watcher.fits(event)) watcher.found(event);
      });
      return {
        child,
        until: (fits) =>
          new Promise((found, reject) => {
            const known = events.find(fits);
            if (known) return found(known);
            watchers.push({ fits, found });
            child.once('close', () => reject(new Error('the run ended before that')));
          }),
      };
    },
    async versions() {
      const { hosts } = await labStatus({ dir: lab });
      return hosts.map((host) => `${host.mi?.version} ${host.mi?.running ? 'running' : 'stopped'}`);
    },
    async manifests() {
      const { hosts } = await labStatus({ dir: lab });
      // An openssh host has a whole Debian below its root: what is ours is enough.
      const below = state.backend === 'openssh' ? 'opt/wso2' : '';
      return new Map(
        await Promise.all(
          hosts.map(
            async (host) =>
              [host.name, await treeManifest(join(host.root, below), { exclude: isVolatile })] as const,
          ),
        ),
      );
    },
    async down() {
      await labDown({ dir: lab });
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function isVolatile(path: string): boolean {
  return /(?:^|\/)var$|\/repository\/logs(?:\/|$)|\/wso2carbon\.pid$|(?:^|\/)wso2mi-[^/]+\/tmp(?:\/|$)|miniature\.json$/.test(
    path,
  );
}

/** Gives the differences of all hosts, a line each; empty when nothing changed. */
export function differences(
  before: Awaited<ReturnType<Rehearsal['manifests']>>,
  after: Awaited<ReturnType<Rehearsal['manifests']>>,
): string[] {
  return [...before].flatMap(([host, manifest]) =>
    diffManifests(manifest, after.get(host) ?? []).map((line) => `${host} ${line}`),
  );
}
