import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CutoverError } from '../../errors/index.ts';
import type { Backend } from '../backend.ts';
import { makeKeyPair } from '../keys.ts';
import { LAB_MARK } from '../processes.ts';
import type { LabOptions } from '../types.ts';
import type { EmbeddedHost } from './host.ts';
import type { StartMessage } from './main.ts';

/** Practice hosts in one background process; see `main.ts`. */
export const embedded: Backend = {
  check: () => {},
  writeRoot: join,
  hostRoot: join,
  start,
  run: (dir, { name }, command) => run(dir, name, command),
  vars: (_options, { root }) => ({ cutover_state_dir: join(root, 'var/lib/cutover') }),
  proc: () => '/proc',
  graceMs: 2000,
};

/** Starts one background process that serves all hosts. Throws CutoverError `internal` when it does not come up. */
async function start(
  options: LabOptions,
  names: readonly string[],
  authorizedKey: string,
): ReturnType<Backend['start']> {
  const { dir } = options;
  const user = userInfo().username;
  const keys = names.map((name) => makeKeyPair(name));
  const plan = names.map(
    (name, i): EmbeddedHost => ({
      name,
      user,
      hostKey: keys[i]!.private,
      authorizedKey,
      password: options.password,
      refuseForwarding: options.refuseForwarding ?? false,
      home: join(dir, name),
      environment: hostEnvironment(dir, name, user),
    }),
  );
  for (const name of names) await mkdir(join(dir, name, 'tmp'), { recursive: true });
  const planPath = join(dir, 'embedded.json');
  await writeFile(planPath, JSON.stringify(plan), { mode: 0o600 });
  const { pid, ports } = await startProcess(dir, planPath);
  const hosts = names.map((name, i) => ({
    name,
    address: '127.0.0.1',
    port: ports[i]!,
    user,
    folder: join(dir, name),
    root: join(dir, name),
    hostKey: keys[i]!.public,
  }));
  return { pid, hosts };
}

/** Runs a command on an embedded host as its user, without SSH; resolves when the command has ended. */
async function run(dir: string, name: string, command: string): Promise<void> {
  const env = hostEnvironment(dir, name, userInfo().username);
  const child = spawn('/bin/sh', ['-c', command], { cwd: join(dir, name), env, stdio: 'ignore' });
  await once(child, 'exit');
}

/** What a login on a Debian host sets, and the mark by which `labDown` finds what was left running. TMPDIR keeps hosts apart, since /tmp is shared here. */
function hostEnvironment(dir: string, name: string, user: string): Record<string, string> {
  return {
    HOME: join(dir, name),
    USER: user,
    LOGNAME: user,
    SHELL: '/bin/sh',
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    TMPDIR: join(dir, name, 'tmp'),
    [LAB_MARK]: dir,
  };
}

async function startProcess(
  dir: string,
  planPath: string,
): Promise<{ pid: number; ports: readonly number[] }> {
  const here = fileURLToPath(import.meta.url);
  const entry = join(dirname(here), `main${extname(here)}`);
  const log = openSync(join(dir, 'embedded.log'), 'a');
  const child = spawn(process.execPath, [entry, planPath], {
    detached: true,
    cwd: dir,
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, [LAB_MARK]: dir, NODE_OPTIONS: '' },
  });
  closeSync(log);
  const message = await new Promise<StartMessage>((resolve) => {
    child.once('message', (told) => resolve(told as StartMessage));
    child.once('error', (error) => resolve({ error: error.message }));
    child.once('exit', (code, signal) => resolve({ error: `it ended with ${code ?? signal}` }));
  });
  child.removeAllListeners();
  child.unref();
  if ('error' in message) {
    throw new CutoverError('internal', `the lab's background process did not start: ${message.error}`, {
      hint: `see ${join(dir, 'embedded.log')}`,
    });
  }
  return { pid: child.pid!, ports: message.ports };
}
