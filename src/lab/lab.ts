import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { CutoverError } from '../errors/index.ts';
import { startEmbedded } from './embedded/start.ts';
import { writeInventory } from './inventory-file.ts';
import { keyPairAt } from './keys.ts';
import { endProcesses, hasMark, markedProcesses } from './processes.ts';
import { claimFolder, readState, writeState } from './state.ts';
import type { LabHostStatus, LabOptions, LabState, LabStatus } from './types.ts';

/**
 * Builds a lab and starts its hosts; what an earlier lab left in the same folder after a crash is cleaned first.
 * Throws CutoverError `usage` when a lab is up there or the folder holds something else.
 */
export async function labUp(options: LabOptions): Promise<LabStatus> {
  const dir = resolve(options.dir);
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
    backend: options.backend ?? 'embedded',
    wso2: options.wso2 ?? false,
    inventory: join(dir, 'inventory.yml'),
    hosts: [],
  };
  await writeState(state);
  try {
    await writeState(await startHosts({ ...options, dir }, state));
    return await labStatus({ dir });
  } catch (error) {
    await labDown({ dir, keep: true });
    throw error;
  }
}

async function startHosts(options: LabOptions, state: LabState): Promise<LabState> {
  const { dir } = state;
  const names = Array.from({ length: options.hosts ?? 3 }, (_, i) => `node${i + 1}`);
  const client = await keyPairAt(join(dir, 'id_ed25519'), 'cutover lab client');
  const { pid, hosts } = await startEmbedded(options, names, client.public);
  const plain = hosts.map(({ hostKey: _, ...host }) => host);
  const started = { ...state, pid, hosts: plain };
  await writeState(started);
  await writeInventory({
    dir,
    group: 'web',
    privateKeyFile: join(dir, 'id_ed25519'),
    groupVars: {},
    entries: hosts.map(({ hostKey, ...host }) => ({
      host,
      hostKey,
      vars: { cutover_state_dir: join(host.root, 'var/lib/cutover') },
    })),
  });
  return started;
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
  if (state.pid !== undefined && (await hasMark(state.pid, dir))) await endProcesses([state.pid], 2000);
  await endProcesses(await markedProcesses(dir), 2000);
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
