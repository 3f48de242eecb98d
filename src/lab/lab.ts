import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { CutoverError, didYouMean } from '../errors/index.ts';
import type { Backend } from './backend.ts';
import { embedded } from './embedded/start.ts';
import { writeInventory } from './inventory-file.ts';
import { keyPairAt } from './keys.ts';
import { openssh } from './openssh/start.ts';
import { childrenOf, endProcesses, hasMark, markedProcesses } from './processes.ts';
import { claimFolder, readState, writeState } from './state.ts';
import type { LabBackend, LabHostStatus, LabOptions, LabState, LabStatus } from './types.ts';
import { FAULTS } from './types.ts';
import {
  clusterVars,
  layOut,
  type NodePlan,
  nodeStatus,
  nodeVars,
  prepareCluster,
  startCommand,
  untilReady,
} from './wso2/nodes.ts';

const backends: Readonly<Record<LabBackend, Backend>> = { embedded, openssh };

/** Three nodes start within two seconds on two cores; a loaded machine may need a while. */
const READY_WITHIN_MS = 60_000;

/**
 * Builds a lab and starts its hosts; what an earlier lab left in the same folder after a crash is cleaned first.
 * Throws CutoverError `usage` when a lab is up there or the folder holds something else.
 */
export async function labUp(options: LabOptions): Promise<LabStatus> {
  const dir = resolve(options.dir);
  const backend = options.backend ?? 'embedded';
  const names = Array.from({ length: options.hosts ?? 3 }, (_, i) => `node${i + 1}`);
  checkFaults(options, names);
  backends[backend].check();
  await claimFolder(dir);
  const old = await readState(dir);
  if (old !== undefined) {
    if ((await labStatus({ dir })).up) {
      throw new CutoverError('usage', `a lab is already up in ${dir}`, {
        hint: `cutover lab down --dir ${dir}`,
      });
    }
    await labDown({ dir });
    await claimFolder(dir);
  }
  const state: LabState = {
    madeBy: 'cutover lab',
    dir,
    backend,
    wso2: options.wso2 ?? false,
    inventory: join(dir, 'inventory.yml'),
    hosts: [],
  };
  await writeState(state);
  try {
    await writeState(await startHosts({ ...options, dir }, state, names));
    return await labStatus({ dir });
  } catch (error) {
    await labDown({ dir, keep: true });
    throw error;
  }
}

async function startHosts(options: LabOptions, state: LabState, names: readonly string[]): Promise<LabState> {
  const { dir } = state;
  const backend = backends[state.backend];
  const client = await keyPairAt(join(dir, 'id_ed25519'), 'cutover lab client');
  const cluster = state.wso2 ? await prepareCluster(options, names) : undefined;
  if (cluster !== undefined) {
    await Promise.all(
      names.map((name, i) => layOut(cluster, planOf(options, backend, name, cluster.offsets[i]!), options)),
    );
  }
  const { pid, hosts } = await backend.start(options, names, client.public);
  const started = { ...state, pid, hosts: hosts.map(({ hostKey: _, ...host }) => host) };
  await writeState(started);
  await writeInventory({
    dir,
    group: state.wso2 ? 'mi' : 'web',
    privateKeyFile: join(dir, 'id_ed25519'),
    groupVars: cluster === undefined ? {} : clusterVars(cluster),
    entries: hosts.map(({ hostKey, ...host }, i) => ({
      host,
      hostKey,
      vars: {
        ...backend.vars(options, host),
        ...(cluster && nodeVars(cluster, backend.hostRoot(dir, host.name), i, host.name)),
      },
    })),
  });
  if (cluster !== undefined) {
    await Promise.all(
      hosts.map(async (host, i) => {
        await backend.run(dir, host, startCommand(backend.hostRoot(dir, host.name)));
        await untilReady(host.name, host.root, cluster.offsets[i]!, READY_WITHIN_MS);
      }),
    );
  }
  return started;
}

function planOf(options: LabOptions, backend: Backend, name: string, offset: number): NodePlan {
  const { dir, faults } = options;
  const [writeRoot, hostRoot] = [backend.writeRoot(dir, name), backend.hostRoot(dir, name)];
  return { name, offset, writeRoot, hostRoot, folder: join(dir, name), faults: faults?.[name] ?? [] };
}

/** Throws CutoverError `usage` for faults of hosts that the lab does not have, and for unknown faults. */
function checkFaults({ faults = {}, wso2 }: LabOptions, names: readonly string[]): void {
  for (const [host, list] of Object.entries(faults)) {
    if (!wso2) throw new CutoverError('usage', 'faults need a lab with wso2', { host });
    if (!names.includes(host)) {
      throw new CutoverError('usage', `the lab has no host ${host}`, { hint: didYouMean(host, names) });
    }
    for (const fault of list) {
      if (FAULTS.includes(fault)) continue;
      throw new CutoverError('usage', `unknown fault ${fault}`, { host, hint: didYouMean(fault, FAULTS) });
    }
  }
}

/**
 * Takes a lab down: ends every process that was started in it, and deletes its folder (`keep`: leaves the files).
 * Gives false when the folder holds no lab. Throws CutoverError `usage` for a `lab.json` that is not ours.
 */
export async function labDown({
  dir: folder,
  keep,
}: {
  readonly dir: string;
  readonly keep?: boolean;
}): Promise<boolean> {
  const dir = resolve(folder);
  const state = await readState(dir);
  if (state === undefined) return false;
  const { graceMs } = backends[state.backend];
  // The servers first: nothing new may start while the rest ends.
  if (state.pid !== undefined && (await hasMark(state.pid, dir))) await endProcesses([state.pid], graceMs);
  const marked = await markedProcesses(dir);
  // Children before parents, so that each is buried by its own.
  await endProcesses(await childrenOf(marked), graceMs);
  await endProcesses(marked, graceMs);
  if (!keep) await rm(dir, { recursive: true, force: true });
  return true;
}

/** Tells which hosts can be used. Throws CutoverError `usage` when the folder holds no lab. */
export async function labStatus({ dir: folder }: { readonly dir: string }): Promise<LabStatus> {
  const dir = resolve(folder);
  const state = await readState(dir);
  if (state === undefined) {
    throw new CutoverError('usage', `there is no lab in ${dir}`, { hint: `cutover lab up --dir ${dir}` });
  }
  const served = state.pid === undefined || (await hasMark(state.pid, dir));
  const hosts = await Promise.all(
    state.hosts.map(
      async (host): Promise<LabHostStatus> => ({
        ...host,
        reachable: served && (await listens(host.address, host.port)),
        ...(state.wso2 && { mi: await nodeStatus(host.root, backends[state.backend].proc(host)) }),
      }),
    ),
  );
  const { madeBy: _, ...rest } = state;
  return { ...rest, hosts, up: hosts.length > 0 && hosts.every((host) => host.reachable) };
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: 2000 });
    const settle = (answer: boolean) => {
      socket.destroy();
      done(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}
