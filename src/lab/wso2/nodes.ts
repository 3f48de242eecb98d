import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { basename, isAbsolute, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CutoverError } from '../../errors/index.ts';
import { isAlive } from '../processes.ts';
import type { Fault, LabOptions } from '../types.ts';
import { selfSignedPem } from './certificate.ts';
import { makeJavaHome } from './java.ts';
import { passwords } from './operator/configuration.ts';
import { furnish } from './operator/home.ts';
import { packEntries } from './pack/pack.ts';
import { freeOffsets } from './ports.ts';
import { defaultSettings, type MiniatureSettings } from './server/settings.ts';
import type { MiVersion } from './versions.ts';
import { type ZipEntry, zip } from './zip.ts';

/** A zip of the miniature in the lab's `packs/`. */
export interface Pack {
  readonly path: string;
  readonly sha256: string;
}

/** What all nodes of a lab share. */
export interface MiniatureCluster {
  readonly packs: Readonly<Record<MiVersion, Pack>>;
  /** The version that the nodes start with. */
  readonly version: MiVersion;
  /** What a home of that version holds. */
  readonly entries: readonly ZipEntry[];
  /** Port offset per host, in the order of the hosts. */
  readonly offsets: readonly number[];
  readonly heartbeatMs: number;
}

/** Writes the packs, the certificate and the folder of the coordination database, and finds free ports. */
export async function prepareCluster(
  options: LabOptions,
  names: readonly string[],
  version: MiVersion = '4.0.0',
): Promise<MiniatureCluster> {
  const { dir } = options;
  await mkdir(join(dir, 'packs'), { recursive: true });
  await mkdir(join(dir, 'cluster'), { recursive: true });
  // Every host's Java writes there, as whoever runs it.
  await chmod(join(dir, 'cluster'), 0o777);
  await writeFile(join(dir, 'cluster/miniature.pem'), selfSignedPem('localhost'));
  const contents = { '4.0.0': await packEntries('4.0.0'), '4.1.0': await packEntries('4.1.0') };
  const packs = {
    '4.0.0': await writePack(dir, '4.0.0', contents['4.0.0']),
    '4.1.0': await writePack(dir, '4.1.0', contents['4.1.0']),
  };
  const offsets = await freeOffsets(names.length);
  const heartbeatMs = options.heartbeatMs ?? defaultSettings.heartbeatMs;
  return { packs, version, entries: contents[version], offsets, heartbeatMs };
}

async function writePack(dir: string, version: MiVersion, entries: readonly ZipEntry[]): Promise<Pack> {
  const bytes = await zip(entries);
  const path = join(dir, 'packs', `wso2mi-${version}.zip`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await writeFile(path, bytes);
  await writeFile(`${path}.sha256`, `${sha256}  ${basename(path)}\n`);
  return { path, sha256 };
}

/** One node: where its tree is written now, and where the host will see it. */
export interface NodePlan {
  readonly name: string;
  readonly offset: number;
  /** The folder that becomes the host's root, as the controller writes to it. */
  readonly writeRoot: string;
  /** The root as the host sees it: '' for a real one. */
  readonly hostRoot: string;
  /** The host's own folder in the lab, with `miniature.json`. */
  readonly folder: string;
  readonly faults: readonly Fault[];
}

/** Lays out `opt/wso2` with a used home, the `mi` link, and `opt/java`. */
export async function layOut(cluster: MiniatureCluster, plan: NodePlan, options: LabOptions): Promise<void> {
  const base = join(plan.writeRoot, 'opt/wso2');
  await writeTree(base, cluster.entries);
  const home = `wso2mi-${cluster.version}`;
  await furnish(join(base, home), {
    name: plan.name,
    offset: plan.offset,
    coordination: join(options.dir, 'cluster/coordination'),
    userstores: options.userstores ?? false,
  });
  await symlink(home, join(base, 'mi'));
  const settings: MiniatureSettings = {
    ...defaultSettings,
    faults: plan.faults,
    heartbeatMs: cluster.heartbeatMs,
    certificate: join(options.dir, 'cluster/miniature.pem'),
  };
  const settingsPath = join(plan.folder, 'miniature.json');
  await mkdir(plan.folder, { recursive: true });
  await writeFile(settingsPath, `${JSON.stringify(settings, undefined, 2)}\n`);
  await makeJavaHome(join(plan.writeRoot, 'opt/java'), settingsPath);
}

async function writeTree(base: string, entries: readonly ZipEntry[]): Promise<void> {
  for (const { path, mode, content } of entries) {
    const target = join(base, path);
    if (content === undefined) await mkdir(target, { recursive: true });
    else await writeFile(target, content);
    await chmod(target, mode);
  }
}

/** The shell command that starts a node as an operator would. */
export function startCommand(hostRoot: string): string {
  return `JAVA_HOME='${hostRoot}/opt/java' '${hostRoot}/opt/wso2/mi/bin/micro-integrator.sh' start`;
}

/** What the inventory says about a node beside its address. */
export function nodeVars(cluster: MiniatureCluster, hostRoot: string, index: number, name: string) {
  return {
    mi_base: `${hostRoot}/opt/wso2`,
    mi_java_home: `${hostRoot}/opt/java`,
    mi_node_id: name,
    mi_port_offset: cluster.offsets[index]!,
  };
}

/** What the inventory says about all nodes. */
export function clusterVars(cluster: MiniatureCluster) {
  return {
    mi_pack: cluster.packs['4.1.0'].path,
    mi_pack_sha256: cluster.packs['4.1.0'].sha256,
    mi_old_pack: cluster.packs['4.0.0'].path,
    mi_old_pack_sha256: cluster.packs['4.0.0'].sha256,
    mi_management_user: 'admin',
    mi_management_password: passwords.admin,
    mi_heartbeat_expiry_ms: cluster.heartbeatMs * defaultSettings.heartbeatRetries,
    // The miniature's packs are tiny.
    mi_needed_mb: 64,
  };
}

/** Waits until a node's health says ready. Throws CutoverError `internal` with the end of its log after the time (milliseconds). */
export async function untilReady(
  name: string,
  root: string,
  offset: number,
  withinMs: number,
): Promise<void> {
  const until = Date.now() + withinMs;
  while (!(await isReady(9191 + offset))) {
    if (Date.now() > until) {
      const log = await readFile(join(root, 'opt/wso2/mi/repository/logs/wso2carbon.log'), 'utf8').catch(
        () => '',
      );
      const end = log.trimEnd().split('\n').slice(-3).join(' | ');
      throw new CutoverError('internal', `the miniature Micro Integrator did not get ready: ${end}`, {
        host: name,
      });
    }
    await delay(25);
  }
}

function isReady(port: number): Promise<boolean> {
  return new Promise((done) => {
    const request = get(
      { host: '127.0.0.1', port, path: '/healthz', agent: false, timeout: 1000 },
      (response) => {
        response.resume();
        done(response.statusCode === 200);
      },
    );
    request.on('error', () => done(false));
    request.on('timeout', () => request.destroy());
  });
}

/** The version that a node's `mi` link names, and whether its process lives. `proc` is the /proc that the node's pids are of. */
export async function nodeStatus(
  root: string,
  proc: string,
): Promise<{ version: string | undefined; running: boolean }> {
  const mi = join(root, 'opt/wso2/mi');
  const target = await readlink(mi).catch(() => '');
  // Seen from here, an absolute link of an openssh host starts at the host's own root.
  const home = !isAbsolute(target)
    ? join(mi, '..', target)
    : target.startsWith(root)
      ? target
      : join(root, target);
  const pid = Number(await readFile(join(home, 'wso2carbon.pid'), 'utf8').catch(() => ''));
  return { version: target.match(/wso2mi-(.+)$/)?.[1], running: pid > 0 && (await isServer(pid, proc)) };
}

/** Guards against a pid that belongs to somebody else by now, where there is a /proc to ask. */
async function isServer(pid: number, proc: string): Promise<boolean> {
  if (!existsSync(proc)) return isAlive(pid);
  const command = await readFile(join(proc, String(pid), 'cmdline'), 'utf8').catch(() => '');
  return command.includes('-Dcarbon.home=');
}
