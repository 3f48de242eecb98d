/** Timing of commands, and how to say what was measured. */
import { spawn } from 'node:child_process';
import { cpus, loadavg } from 'node:os';

/** A command of the benchmark. */
export interface Subject {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What became of one run of a command. */
export interface Timing {
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command and times it, its start-up included. Throws with its last words when it fails. */
export async function time(subject: Subject): Promise<Timing> {
  const start = performance.now();
  const child = spawn(subject.command, subject.args, {
    env: { ...process.env, ...subject.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const words = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    words.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    words.stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const seconds = (performance.now() - start) / 1000;
  if (code === 0) return { seconds, ...words };
  throw new Error(
    `${subject.name} ended with ${code}:\n${`${words.stdout}\n${words.stderr}`.trim().slice(-2000)}`,
  );
}

/**
 * Times each command so many times, in turns, so that a loaded minute of the machine hits all of them alike.
 * Gives the runs of each command in the order of the commands.
 */
export async function timeInTurns(subjects: readonly Subject[], rounds: number): Promise<Timing[][]> {
  const runs: Timing[][] = subjects.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, subject] of subjects.entries()) runs[index]!.push(await time(subject));
  return runs;
}

/** Gives the middle one of the numbers; of an even count the lower middle. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? Number.NaN;
}

/** Says what else the machine had to do: a benchmark beside other work measures that work too. */
export function machineLine(): string {
  const [one = 0] = loadavg();
  const count = cpus().length;
  const busy = one > count ? '; BUSY, the ratios say more than the seconds' : '';
  return `${count} cores, load ${one.toFixed(1)}, Node ${process.versions.node}${busy}`;
}

/** Prints rows as columns: the first to the left, numbers to the right. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!),
    );
    console.log(cells.join('  '));
  }
}
