import type { PlanDocument, PlannedStep } from './document.ts';
import { isSame } from './guard.ts';

/** Says where the controller's files, the inventory and the variables differ from those of a plan. Empty: nowhere. */
export function inputDifferences(
  planned: PlanDocument['inputs'],
  now: PlanDocument['inputs'],
): readonly string[] {
  const differences: string[] = [];
  for (const [path, digest] of Object.entries(planned.files))
    if (now.files[path] !== digest)
      differences.push(
        now.files[path] === 'gone' ? `the file ${path} is gone` : `the file ${path} has changed`,
      );
  for (const [host, digest] of Object.entries(planned.hosts))
    if (now.hosts[host] !== digest) differences.push(`the inventory has changed what it says of ${host}`);
  if (planned.extraVars !== now.extraVars) differences.push('the extra variables (-e) are others');
  return differences;
}

/** Says where what would happen now differs from a plan. Empty: nowhere. */
export function stepDifferences(planned: PlanDocument, now: PlanDocument): readonly string[] {
  const hosts = hostDifferences(planned, now);
  if (hosts.length > 0) return hosts;
  const before = byTaskAndHost(planned.steps);
  const after = byTaskAndHost(now.steps);
  const differences: string[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const difference = compareSteps(before.get(key) ?? [], after.get(key) ?? []);
    if (difference !== undefined) differences.push(difference);
  }
  return differences;
}

function hostDifferences(planned: PlanDocument, now: PlanDocument): readonly string[] {
  const lines: string[] = [];
  for (const [index, play] of planned.plays.entries()) {
    const present = now.plays[index]?.hosts ?? [];
    const gone = play.hosts.filter((host) => !present.includes(host));
    const added = present.filter((host) => !play.hosts.includes(host));
    if (gone.length > 0) lines.push(`play "${play.name}" no longer has ${gone.join(', ')}`);
    if (added.length > 0) lines.push(`play "${play.name}" now has ${added.join(', ')}`);
    if (gone.length + added.length === 0 && play.hosts.join() !== present.join())
      lines.push(`play "${play.name}" has its hosts in another order`);
  }
  if (now.plays.length > planned.plays.length) lines.push('there are more plays');
  return lines;
}

function compareSteps(planned: readonly PlannedStep[], now: readonly PlannedStep[]): string | undefined {
  const [first] = [...planned, ...now];
  const where = `${first!.host}: ${first!.name}: `;
  if (planned.length === 0) return `${where}was not planned at all`;
  if (now.length === 0) return `${where}would not be reached any more`;
  if (planned.length !== now.length)
    return `${where}would run ${now.length} times, planned were ${planned.length}`;
  for (const [index, step] of planned.entries()) {
    const present = now[index]!;
    if (step.outcome !== present.outcome) return `${where}${said(present)}, planned was ${said(step)}`;
    if (step.changes.length !== present.changes.length || (present.open && !step.open))
      return `${where}would make other changes`;
    const other = step.changes.find((change, at) => !isSame(change, present.changes[at]!));
    if (other) return `${where}"${other.summary}" would be another change, or finds another state`;
  }
  return undefined;
}

function said({ outcome, why }: PlannedStep): string {
  const words = {
    will: 'would change',
    wont: 'nothing to do',
    unknown: 'unknown',
    skipped: 'skipped',
    fails: `fails${why ? ` (${why})` : ''}`,
    unreachable: `unreachable${why ? ` (${why})` : ''}`,
  };
  return words[outcome];
}

function byTaskAndHost(steps: readonly PlannedStep[]): ReadonlyMap<string, readonly PlannedStep[]> {
  return Map.groupBy(steps, (step) => `${step.task} ${step.host} ${step.on ?? ''}`);
}
