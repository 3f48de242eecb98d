/** Runs a case of rolling-cases.ts: under Cutover, and under the real Ansible where it is installed. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOSTS, type RollingCase } from './rolling-cases.ts';
import { type RunMore, runSite, workshop } from './workshop.ts';

/** What a case came to. */
export interface Rolled {
  readonly log: readonly string[];
  readonly recap: Readonly<Record<string, string>>;
  readonly exitCode: number;
}

/** Whether the real Ansible is here and wanted: the table came from it, and asking again takes minutes (CUTOVER_ASK_ANSIBLE=1). */
export const asksAnsible =
  process.env.CUTOVER_ASK_ANSIBLE === '1' && spawnSync('ansible-playbook', ['--version']).status === 0;

/** One at a time, so that the order of hosts is the order of the log. */
const FORKS = 1;

/** Runs the case under Cutover. */
export async function rollWithCutover(one: RollingCase, more: RunMore = {}): Promise<Rolled> {
  const folder = folderOf(one);
  const { stats, exitCode } = await runSite(folder, { forks: FORKS, ...more });
  const recap = Object.fromEntries(
    HOSTS.flatMap((host) => {
      const counts = stats[host];
      if (!counts) return [];
      const { ok, changed, failed, skipped, rescued, ignored } = counts;
      return [[host, [ok, changed, failed, skipped, rescued, ignored].join(' ')]];
    }),
  );
  return { log: logOf(folder), recap, exitCode };
}

/** Runs the case under the real Ansible. */
export async function rollWithAnsible(one: RollingCase): Promise<Rolled> {
  const folder = folderOf(one);
  const { PATH } = process.env;
  const env = {
    PATH,
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    ANSIBLE_STDOUT_CALLBACK: 'json',
    ANSIBLE_NOCOLOR: '1',
  };
  const child = spawn('ansible-playbook', ['-i', 'hosts', '-f', String(FORKS), 'site.yml'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const exitCode = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  const { stats } = JSON.parse(output.slice(output.indexOf('{'))) as {
    stats: Record<string, Record<string, number>>;
  };
  const recap = Object.fromEntries(
    Object.entries(stats).map(([host, counts]) => [
      host,
      ['ok', 'changed', 'failures', 'skipped', 'rescued', 'ignored'].map((key) => counts[key]).join(' '),
    ]),
  );
  return { log: logOf(folder), recap, exitCode };
}

function folderOf({ play = '', tasks, handlers, next = '', gone }: RollingCase): string {
  const indented = (text: string, depth: number) => commands(text).trim().replace(/^/gm, ' '.repeat(depth));
  const site = `- hosts: all
  gather_facts: false
${play.trim() === '' ? '' : `${indented(play, 2)}\n`}  tasks:
${indented(tasks, 4)}
${handlers === undefined ? '' : `  handlers:\n${indented(handlers, 4)}\n`}${commands(next)}`;
  return workshop({
    'site.yml': site,
    hosts: HOSTS.map((host) => hostLine(host, host === gone)).join(''),
  });
}

/** Nothing listens on port 1. */
function hostLine(host: string, gone: boolean): string {
  const connection = gone ? 'ansible_host=127.0.0.1 ansible_port=1' : 'ansible_connection=local';
  return `${host} ${connection} cutover_state_dir='{{ inventory_dir }}/state-${host}'\n`;
}

/** Writes out the short forms `say X` and `fail X on h1 h2`. */
function commands(text: string): string {
  const line = (word: string) => `echo {{ inventory_hostname }} ${word} >> {{ inventory_dir }}/log`;
  return text
    .replace(/\bsay (\w+)/g, (_, word: string) => `raw: "${line(word)}"`)
    .replace(
      /\bfail (\w+) on ((?:h\d ?)+)/g,
      (_, word: string, hosts: string) =>
        `raw: "${line(word)}; case ' ${hosts.trim()} ' in *' {{ inventory_hostname }} '*) exit 1;; esac"`,
    );
}

function logOf(folder: string): string[] {
  const path = join(folder, 'log');
  if (!existsSync(path)) return [];
  return condensed(readFileSync(path, 'utf8').trim().split('\n').filter(Boolean));
}

/** `h1 a`, `h2 a` become `a: h1 h2`, as long as the task stays the same. */
function condensed(lines: readonly string[]): string[] {
  const found: string[] = [];
  for (const line of lines) {
    const [host, task] = line.split(' ');
    const last = found.at(-1);
    if (last?.startsWith(`${task}: `)) found[found.length - 1] = `${last} ${host}`;
    else found.push(`${task}: ${host}`);
  }
  return found;
}
