import { writeFile } from 'node:fs/promises';
import { makePlan } from '../../engine/index.ts';
import { CutoverError } from '../../errors/index.ts';
import { hostOptions } from '../host-flags.ts';
import { watchInterrupts } from '../interrupt.ts';
import { planText } from '../plan-text.ts';
import { playOptions, type RunFlags } from '../run-flags.ts';

/** Flags of `cutover plan`. */
export interface PlanFlags extends RunFlags {
  readonly json?: boolean;
  readonly out?: string;
}

/** `cutover plan`. */
export async function plan(playbook: string, flags: PlanFlags): Promise<void> {
  const interrupt = watchInterrupts();
  try {
    const base = await hostOptions(flags, [], interrupt);
    const made = await makePlan({ ...base, ...playOptions(playbook, flags, base.config) });
    for (const warning of made.warnings) process.stderr.write(`warning: ${warning}\n`);
    if (made.problem !== undefined) process.stderr.write(`error: ${made.problem}\n`);
    const json = `${JSON.stringify(made.document, null, 1)}\n`;
    if (flags.out !== undefined) await keep(flags.out, json);
    process.stdout.write(flags.json ? json : planText(made.document, { everything: flags.verbose > 0 }));
    process.exitCode = made.exitCode;
  } finally {
    interrupt.done();
  }
}

async function keep(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { mode: 0o600 });
  } catch (cause) {
    throw new CutoverError('usage', `cannot write the plan to ${file}: ${(cause as Error).message}`, {
      cause,
    });
  }
}
