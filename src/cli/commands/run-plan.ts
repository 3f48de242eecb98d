import { applyPlan, type PlanRequest, readPlan } from '../../engine/index.ts';
import { CutoverError } from '../../errors/index.ts';
import { onHosts } from '../on-hosts.ts';
import type { RunFlags } from '../run-flags.ts';
import { words } from '../words.ts';

/** `cutover run --plan`: what the plan was made with counts; a flag that says otherwise is refused. */
export async function runPlan(file: string, playbook: string | undefined, flags: RunFlags): Promise<void> {
  const plan = readPlan(file);
  const { inventory, limit, tags, skipTags, startAtTask, forceHandlers, connection } = plan.options;
  const given = { playbook, limit: flags.limit, startAtTask: flags.startAtTask };
  const planned = { playbook: plan.playbook, limit, startAtTask };
  const lists = {
    inventory: flags.inventory,
    tags: flags.tags && words(flags.tags),
    skipTags: flags.skipTags && words(flags.skipTags),
  };
  const differs = [
    ...(['playbook', 'limit', 'startAtTask'] as const).filter(
      (name) => given[name] !== undefined && given[name] !== planned[name],
    ),
    ...(['inventory', 'tags', 'skipTags'] as const).filter(
      (name) => lists[name] !== undefined && lists[name].join() !== plan.options[name].join(),
    ),
    ...(flags.forceHandlers && !forceHandlers ? ['forceHandlers'] : []),
    ...(flags.step ? ['step'] : []),
  ];
  if (differs.length > 0)
    throw new CutoverError(
      'drift',
      `the plan was made with another ${differs.join(', ')}; nothing was changed`,
      {
        hint: 'leave these flags out, or make a new plan',
      },
    );
  await onHosts({ ...flags, inventory: [...inventory] }, async ({ base, diff }) => {
    const request: PlanRequest = {
      ...base,
      ...(limit === undefined ? {} : { limit }),
      connection: { ...connection, ...base.connection },
      playbook: plan.playbook,
      tags,
      skipTags,
      ...(startAtTask === undefined ? {} : { startAtTask }),
      ...(forceHandlers ? { forceHandlers } : {}),
      allowNoHosts: flags.allowNoHosts ?? false,
    };
    const summary = await applyPlan(plan, request, { check: flags.check ?? false, diff });
    if (summary) process.exitCode = summary.exitCode;
    else process.stdout.write('the plan still fits; nothing was changed\n');
  });
}
