import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROGRAM } from '../program.ts';
import type { Case } from './case.ts';
import { type Outcome, recapOf, treeOf } from './outcome.ts';

/** Which program runs a case. */
export type Program = 'ansible' | 'cutover';

/** What a program did with a case: an outcome per run, and what it printed. */
export interface CaseResult {
  readonly outcomes: readonly Outcome[];
  readonly output: string;
}

/** Runs a case from its starting state, in a folder of its own that is gone afterwards. */
export async function runCase(one: Case, program: Program): Promise<CaseResult> {
  const work = await realpath(await mkdtemp(join(tmpdir(), 'conformance-')));
  const book = join(work, 'book');
  const root = join(work, 'root');
  try {
    await cp(one.folder, book, { recursive: true, filter: (path) => !path.endsWith('expected.json') });
    await Promise.all([mkdir(root), mkdir(join(work, 'home'))]);
    const outcomes: Outcome[] = [];
    let output = '';
    for (const extra of one.runs) {
      const args = [one.playbook, '-i', one.inventory, '-e', `root=${root}`, ...extra];
      const { code, text } = await start(program, args, book, work, one);
      output += text;
      outcomes.push({
        exitCode: code,
        recap: recapOf(text),
        tree: await treeOf(root, work),
      });
    }
    return { outcomes, output };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const SETTINGS = {
  ANSIBLE_NOCOLOR: '1',
  ANSIBLE_RETRY_FILES_ENABLED: '0',
  ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
  ANSIBLE_FORKS: '10',
  ANSIBLE_DEPRECATION_WARNINGS: '0',
};

function start(
  program: Program,
  args: readonly string[],
  folder: string,
  work: string,
  one: Case,
): Promise<{ code: number; text: string }> {
  const command =
    program === 'ansible'
      ? ['ansible-playbook', ...args]
      : [
          ...[process.execPath, PROGRAM, 'run', ...args],
          // Cases run side by side: each has a journal and a lock of its own.
          ...['--output', 'ansible', '-e', `cutover_state_dir=${join(work, 'state')}`],
        ];
  const home = join(work, 'home');
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(ANSIBLE|CUTOVER|VITEST|NODE)_?/.test(name)),
  );
  return new Promise((resolve, reject) => {
    const child = spawn(command[0] as string, command.slice(1), {
      cwd: folder,
      env: { ...clean, ...SETTINGS, HOME: home, CUTOVER_HOME: join(home, 'cutover'), ...one.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (data: string) => {
      text += data;
    });
    let problems = '';
    child.stderr.setEncoding('utf8').on('data', (data: string) => {
      problems += data;
    });
    child.stdin.end(one.input);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, text: `${text}\n${problems}` }));
  });
}
