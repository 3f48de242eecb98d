import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { get, type RequestOptions } from 'node:http';
import { get as getTls } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { LabOptions } from '../../../src/lab/index.ts';
import { endProcesses, isAlive, LAB_MARK, markedProcesses } from '../../../src/lab/processes.ts';
import { layOut, prepareCluster } from '../../../src/lab/wso2/nodes.ts';
import type { MiVersion } from '../../../src/lab/wso2/versions.ts';

export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** A miniature without SSH around it: a home, its script, its ports. */
export class PracticeNode {
  readonly dir: string;
  readonly home: string;
  readonly offset: number;
  readonly folder: string;

  constructor(dir: string, name: string, offset: number) {
    this.dir = dir;
    this.folder = join(dir, name);
    this.home = join(this.folder, 'opt/wso2/mi');
    this.offset = offset;
  }

  path(name: string): string {
    return join(this.home, name);
  }

  async edit(name: string, change: (content: string) => string): Promise<void> {
    await writeFile(this.path(name), change(await readFile(this.path(name), 'utf8')));
  }

  /** Changes `miniature.json`. */
  async set(settings: object): Promise<void> {
    const path = join(this.folder, 'miniature.json');
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...settings }));
  }

  /** Runs `bin/micro-integrator.sh`. */
  script(
    args: readonly string[],
    environment: Record<string, string> = {},
  ): Promise<{ code: number; out: string }> {
    const env = {
      PATH: process.env.PATH,
      [LAB_MARK]: this.dir,
      JAVA_HOME: join(this.folder, 'opt/java'),
      ...environment,
    };
    return new Promise((resolve) =>
      execFile(this.path('bin/micro-integrator.sh'), args, { env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), out: stdout + stderr }),
      ),
    );
  }

  /** Starts, and resolves with the new log text once it holds a line like the pattern. */
  async startUntil(pattern: RegExp, args: readonly string[] = []): Promise<string> {
    const from = this.log().length;
    await this.script(['start', ...args]);
    return this.logUntil(pattern, from);
  }

  /** Starts, and resolves when the last port is open. */
  start(args: readonly string[] = []): Promise<string> {
    return this.startUntil(/EI_INTERNAL_HTTPS_INBOUND_ENDPOINT Listener started/, args);
  }

  /** Stops, and resolves with the new log text when the process is gone. */
  async stop(): Promise<string> {
    const from = this.log().length;
    const pid = this.pid();
    await this.script(['stop']);
    while (await isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
    return this.log().slice(from);
  }

  pid(): number {
    return Number(readFileSync(this.path('wso2carbon.pid'), 'utf8'));
  }

  log(): string {
    const path = this.path('repository/logs/wso2carbon.log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** Resolves with the log from an offset on, once it holds a line like the pattern. */
  async logUntil(pattern: RegExp, from = 0): Promise<string> {
    await mkdir(this.path('repository/logs'), { recursive: true });
    const watcher = watch(this.path('repository/logs'));
    try {
      for (;;) {
        const changed = once(watcher, 'change');
        const text = this.log().slice(from);
        if (pattern.test(text)) return text;
        await changed;
      }
    } finally {
      watcher.close();
    }
  }

  http(base: number, path: string, options: RequestOptions = {}): Promise<Reply> {
    return reply(get, { host: '127.0.0.1', port: base + this.offset, path, agent: false, ...options });
  }

  https(base: number, path: string, options: RequestOptions = {}): Promise<Reply> {
    const all = {
      host: '127.0.0.1',
      port: base + this.offset,
      path,
      agent: false,
      rejectUnauthorized: false,
    };
    return reply(getTls as typeof get, { ...all, ...options });
  }

  async token(user = 'admin', password = 'acme-admin-pass'): Promise<string | undefined> {
    const { status, body } = await this.https(9154, '/management/login', { auth: `${user}:${password}` });
    return status === 200 ? JSON.parse(body).AccessToken : undefined;
  }

  async management(path: string, token?: string): Promise<unknown> {
    const headers = { Authorization: `Bearer ${token ?? (await this.token())}` };
    return JSON.parse((await this.https(9154, `/management${path}`, { headers })).body);
  }
}

async function reply(how: typeof get, options: RequestOptions): Promise<Reply> {
  const request = how(options);
  const [response] = await once(request, 'response');
  return { status: response.statusCode, body: await text(response) };
}

/** Makes nodes that share a coordination database, all with a home of one version. */
export async function practiceNodes(
  count: number,
  version: MiVersion = '4.0.0',
  options: Partial<LabOptions> = {},
): Promise<PracticeNode[]> {
  const dir = await mkdtemp(join(tmpdir(), 'mi-'));
  const all = { heartbeatMs: 100, ...options, dir };
  const names = Array.from({ length: count }, (_, i) => `node${i + 1}`);
  const cluster = await prepareCluster(all, names, version);
  for (const [i, name] of names.entries()) {
    const folder = join(dir, name);
    const faults = all.faults?.[name] ?? [];
    const plan = { name, offset: cluster.offsets[i]!, writeRoot: folder, hostRoot: folder, folder, faults };
    await layOut(cluster, plan, all);
  }
  return names.map((name, i) => new PracticeNode(dir, name, cluster.offsets[i]!));
}

/** Ends what runs and deletes what is there. */
export async function discard(nodes: readonly PracticeNode[]): Promise<void> {
  const { dir } = nodes[0]!;
  await endProcesses(await markedProcesses(dir), 2000);
  await rm(dir, { recursive: true });
}
