import type { PlanDocument, PlannedStep } from '../engine/index.ts';
import { diffText } from '../report/index.ts';

/** Lays a plan out for people: play by play, task by task, hosts of which the same is foreseen together. */
export function planText(plan: PlanDocument, options: { readonly everything: boolean }): string {
  const { counts, complete, plays, playbook, digest } = plan;
  const hosts = new Set(plays.flatMap((play) => play.hosts)).size;
  const lines = [
    `plan of ${playbook} for ${hosts} host${hosts === 1 ? '' : 's'} (${digest.slice(0, 12)}, ${plan.made.slice(0, 19).replace('T', ' ')} UTC)`,
  ];
  for (const play of plays) {
    lines.push('', `play ${play.name}: ${play.hosts.join(', ') || 'no hosts'}`);
    const steps = plan.steps.filter((step) => step.play === play.play);
    const told = steps.filter((step) => options.everything || isWorthTelling(step));
    for (const task of Map.groupBy(told, (step) => step.task).values()) lines.push(...taskLines(task));
    const silent = steps.length - told.length;
    if (silent > 0) lines.push(`  ${silent} result${silent === 1 ? '' : 's'} without change`);
  }
  if (plan.contingent.length > 0) {
    lines.push('', 'only when something fails:');
    lines.push(...plan.contingent.map(({ name, at }) => `  ${name}  (${at})`));
  }
  const stuck = plan.steps
    .filter(isAct)
    .flatMap((step) => step.changes)
    .filter((change) => change.undo === 'irreversible').length;
  lines.push('', `${counts.will} will change, ${counts.wont} won't, ${counts.unknown} unknown`);
  if (stuck > 0) lines.push(`${stuck} change${stuck === 1 ? '' : 's'} cannot be rolled back`);
  if (!complete) lines.push('hosts failed or were away: this plan cannot be applied');
  return `${lines.join('\n')}\n`;
}

function isWorthTelling({ outcome, changes, ignored, open }: PlannedStep): boolean {
  const idle = outcome === 'wont' || outcome === 'skipped' || (outcome === 'unknown' && !open);
  return !idle || changes.length > 0 || ignored === true;
}

/** What is no mere reading. */
function isAct({ outcome }: PlannedStep): boolean {
  return outcome !== 'wont';
}

function taskLines(steps: readonly PlannedStep[]): string[] {
  const [first] = steps;
  const lines = [
    `  ${first!.name}  (${first!.kind === 'handler' ? 'handler, ' : ''}${first!.module}, ${first!.at})`,
  ];
  const alike = Map.groupBy(steps, (step) =>
    JSON.stringify([step.outcome, step.why, step.on, step.diffs, step.changes]),
  );
  for (const group of alike.values()) {
    const [step] = group;
    const names = group.map(({ host }) => host).join(', ');
    lines.push(
      `    ${words(step!).padEnd(8)} ${names}${step!.on ? ` (on ${step!.on})` : ''}${step!.why ? `: ${step!.why}` : ''}`,
    );
    if (step!.open)
      lines.push('             what it would change is not known: to apply the plan is to allow it');
    for (const change of step!.changes) lines.push(...changeLines(change, isAct(step!)));
    lines.push(...step!.diffs.flatMap((diff) => diffText(diff)).map((line) => `               ${line}`));
  }
  return lines;
}

function changeLines(
  { summary, before, content, undo, afterCommand }: PlannedStep['changes'][number],
  acts: boolean,
): string[] {
  const facts = [
    ...(before === '*' ? [] : [`found: ${before}${afterCommand ? ', before the commands above' : ''}`]),
    ...(content === undefined ? [] : [`content: ${content}`]),
    ...(acts && undo === 'irreversible'
      ? ['cannot be rolled back']
      : undo === 'compensable'
        ? ["undone by the task's own list"]
        : []),
  ];
  return [`             ${summary}`, ...facts.map((fact) => `               ${fact}`)];
}

function words({ outcome, changes, ignored }: PlannedStep): string {
  if (outcome === 'wont') return changes.length > 0 ? 'reads' : "won't";
  return ignored ? `${outcome} (ignored)` : outcome;
}
