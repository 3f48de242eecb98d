/**
 * The main job, end to end, on practice hosts of this machine: upgrade three running nodes, run again without a change, roll back, and
 * prove that every node is byte for byte what it was. Exits non-zero when any of that does not hold.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diffManifests, labDown, labStatus, labUp, treeManifest } from '../src/lab/index.ts';

const root = join(import.meta.dirname, '..');
const playbook = join(root, 'playbooks/wso2-mi-upgrade/upgrade.yml');
/** What may differ afterwards: logs, pid files, temporary files of a server that was restarted, and the journal. */
const exclude = (path: string) =>
  /^(?:var\/lib\/cutover|var)$|^var\/lib|\/repository\/logs(?:\/|$)|\/wso2carbon\.pid$|^opt\/wso2\/[^/]+\/tmp(?:\/|$)/.test(
    path,
  );

const dir = mkdtempSync(join(tmpdir(), 'cutover-demo-'));
const started = Date.now();
let failed = false;

function say(text: string): void {
  process.stdout.write(`\n=== ${text} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
}

function must(holds: boolean, text: string): void {
  process.stdout.write(`${holds ? 'ok  ' : 'NOT '} ${text}\n`);
  if (!holds) failed = true;
}

/** Runs cutover as a person would. Gives its exit code and, when asked, what it printed. */
async function cutover(args: readonly string[], show = true): Promise<{ code: number; output: string }> {
  if (show) process.stdout.write(`$ cutover ${args.join(' ')}\n`);
  const child = spawn(process.execPath, [join(root, 'bin/cutover.js'), ...args], {
    env: { ...process.env, CUTOVER_HOME: join(dir, 'controller') },
    stdio: ['ignore', show ? 'inherit' : 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code: code ?? 1, output };
}

async function versions(): Promise<string[]> {
  const status = await labStatus({ dir: join(dir, 'lab') });
  return status.hosts.map((host) => `${host.mi?.version ?? '?'} ${host.mi?.running ? 'running' : 'stopped'}`);
}

type Manifest = Awaited<ReturnType<typeof treeManifest>>;

async function manifests(): Promise<Map<string, Manifest>> {
  const status = await labStatus({ dir: join(dir, 'lab') });
  const taken = new Map<string, Manifest>();
  for (const host of status.hosts) taken.set(host.name, await treeManifest(host.root, { exclude }));
  return taken;
}

async function demo(): Promise<void> {
  say('three practice hosts, each with a running miniature Micro Integrator 4.0.0');
  const lab = await labUp({ dir: join(dir, 'lab'), hosts: 3, wso2: true });
  const inventory = lab.inventory;
  const before = await manifests();
  must(
    (await versions()).every((version) => version === '4.0.0 running'),
    'all nodes run 4.0.0',
  );

  say('the upgrade to 4.1.0, node by node');
  const upgrade = await cutover(['run', playbook, '-i', inventory, '-e', 'mi_soak_seconds=1']);
  must(upgrade.code === 0, 'the upgrade ends with exit code 0');
  must(
    (await versions()).every((version) => version === '4.1.0 running'),
    `all nodes run 4.1.0 (${(await versions()).join(', ')})`,
  );

  say('the same again: nothing is left to do');
  const again = await cutover(
    ['run', playbook, '-i', inventory, '-e', 'mi_soak_seconds=1', '--output', 'ansible'],
    false,
  );
  const recap = again.output.split('\n').filter((line) => / : ok=/.test(line));
  process.stdout.write(`${recap.join('\n')}\n`);
  must(
    again.code === 0 && recap.length === 3 && recap.every((line) => /changed=0\b/.test(line)),
    'a second run changes nothing',
  );

  say('rollback');
  const rollback = await cutover(['rollback', 'last']);
  must(rollback.code === 0, 'the rollback ends with exit code 0');
  must(
    (await versions()).every((version) => version === '4.0.0 running'),
    `all nodes run 4.0.0 again (${(await versions()).join(', ')})`,
  );
  const after = await manifests();
  for (const [host, manifest] of before) {
    const differences = diffManifests(manifest, after.get(host)!);
    must(differences.length === 0, `${host}: ${manifest.length} files, folders and links are what they were`);
    for (const difference of differences.slice(0, 10)) process.stdout.write(`       ${difference}\n`);
  }
}

try {
  await demo();
} catch (error) {
  failed = true;
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
} finally {
  await labDown({ dir: join(dir, 'lab') }).catch(() => undefined);
  if (!failed) rmSync(dir, { recursive: true, force: true });
  say(failed ? `the demo failed; look into ${dir}` : 'the demo succeeded; the practice hosts are gone');
}
process.exitCode = failed ? 1 : 0;
