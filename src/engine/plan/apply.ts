import { dirname, join } from 'node:path';
import { CutoverError } from '../../errors/index.ts';
import type { Prompt } from '../options.ts';
import { carryOutPlaybook, type RunSummary } from '../run.ts';
import { prepareRun, readPlaybook } from '../session-setup.ts';
import { inputDifferences, stepDifferences } from './compare.ts';
import type { PlanDocument } from './document.ts';
import { PlanGuard } from './guard.ts';
import { digestFiles, digestHosts, digestValues } from './inputs.ts';
import { type PlanRequest, surveyRun } from './make.ts';
import { Marker } from './marker.ts';

/** So many differences are told. */
const MOST_TOLD = 10;

/** How a plan is applied. */
export interface ApplyOptions {
  /** Only compare the plan with the present; change nothing. */
  readonly check: boolean;
  readonly diff: boolean;
}

/**
 * Applies exactly what a plan lists. First everything is looked at again: any difference to the plan is refused, and nothing was changed.
 * Then each change is compared once more right before it is made; the first that is not in the plan stops the run. Undefined: only checked.
 * Throws CutoverError('drift') with the differences.
 */
export async function applyPlan(
  plan: PlanDocument,
  written: PlanRequest,
  { check, diff }: ApplyOptions,
): Promise<RunSummary | undefined> {
  if (!plan.complete)
    throw new CutoverError(
      'usage',
      'hosts failed or were away when this plan was made: it can be read, not applied',
      {
        hint: 'make the plan anew',
      },
    );
  const request = { ...written, ...(written.prompt ? { prompt: askingOnce(written.prompt) } : {}) };
  const prepared = await prepareRun(request);
  const folder = dirname(request.playbook);
  const marker = new Marker(plan.salt, prepared.secrets, plan);
  const files = Object.keys(plan.inputs.files).map((path) => join(folder, path));
  const now = {
    files: digestFiles(marker, folder, files, plan.inputs.files),
    hosts: digestHosts(prepared, marker, folder, Object.keys(plan.inputs.hosts)),
    extraVars: digestValues(request.extraVars, marker),
  };
  refuse(inputDifferences(plan.inputs, now));
  const looked = await surveyRun({ ...request, sinks: [] }, prepared, plan.salt, {
    plan,
    guard: new PlanGuard(plan, marker),
  });
  if (looked.problem !== undefined) refuse([looked.problem]);
  if (looked.exitCode === 99)
    throw new CutoverError('interrupted', 'interrupted while the plan was compared; nothing was changed');
  refuse(stepDifferences(plan, looked.document));
  if (check) return undefined;
  return carryOut(plan, { ...request, diff });
}

async function carryOut(
  plan: PlanDocument,
  options: PlanRequest & { readonly diff: boolean },
): Promise<RunSummary> {
  // Read anew: the look has left its marks on the inventory (add_host) and on what is known.
  const prepared = await prepareRun(options);
  const read = await readPlaybook(options.playbook, options, prepared);
  const guard = new PlanGuard(plan, new Marker(plan.salt, prepared.secrets, plan));
  return carryOutPlaybook({ ...options, check: false }, prepared, read, { guard });
}

function refuse(differences: readonly string[]): void {
  if (differences.length === 0) return;
  const told = differences.slice(0, MOST_TOLD);
  const more = differences.length - told.length;
  const lines = [...told, ...(more > 0 ? [`and ${more} more`] : [])].map((line) => `\n  ${line}`);
  throw new CutoverError('drift', `the plan no longer fits; nothing was changed:${lines.join('')}`, {
    hint: 'make a new plan',
  });
}

/** The answers that the look was given hold for the run too. */
function askingOnce(prompt: Prompt): Prompt {
  const answers = new Map<string, string>();
  return async (text, options) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = await prompt(text, options);
    answers.set(text, answer);
    return answer;
  };
}
