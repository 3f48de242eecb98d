import { type ExplainedLayer, type Explanation, explainVariable } from '../../engine/index.ts';
import { formatPosition } from '../../errors/index.ts';
import { type HostFlags, hostOptions } from '../host-flags.ts';

/** Flags of `cutover explain`. */
export interface ExplainFlags extends Omit<HostFlags, 'output' | 'verbose'> {
  readonly json?: boolean;
}

/** `cutover explain`: says where the value of a variable comes from. Exit code 1 when nothing sets it on any host. */
export async function explain(
  variable: string,
  playbook: string | undefined,
  flags: ExplainFlags,
): Promise<void> {
  const options = await hostOptions({ ...flags, output: 'plain', verbose: 0 }, [], undefined);
  const explanations = await explainVariable({
    ...options,
    variable,
    ...(playbook === undefined ? {} : { playbook }),
  });
  const text = flags.json ? JSON.stringify(explanations, null, 2) : explanations.map(paragraph).join('\n');
  process.stdout.write(`${text.trimEnd()}\n`);
  if (explanations.every(({ layers }) => layers.length === 0)) process.exitCode = 1;
}

function paragraph(explanation: Explanation): string {
  const { host, play, variable, layers } = explanation;
  const head = `${host}${play === undefined ? '' : `, ${play}`}: ${variable} ${verdict(explanation)}`;
  if (layers.length === 0) return `${head}\n`;
  const during = layers.filter(({ task }) => task !== undefined);
  const before = layers.filter(({ task }) => task === undefined);
  const parts = [head, ...before.map(line)];
  if (during.length > 0) parts.push('  set by tasks, for themselves or from their turn on:');
  return `${[...parts, ...during.map(line)].join('\n')}\n`;
}

function verdict({ value, problem, near, layers }: Explanation): string {
  if (problem !== undefined) return `cannot be rendered: ${problem}`;
  if (value !== undefined) return `= ${JSON.stringify(value)}`;
  if (layers.length > 0) return 'has no value before tasks set it';
  return `is set nowhere${near === undefined ? '' : ` (did you mean "${near}"?)`}`;
}

function line({ winner, level, position, origin, written, task }: ExplainedLayer): string {
  const place = position ? formatPosition(position) : (origin ?? '');
  const value = written === undefined ? '' : `  ${JSON.stringify(written)}`;
  return `${winner ? '* ' : '  '}${level.padEnd(27)} ${place}${value}${task === undefined ? '' : `  (task "${task}")`}`;
}
