import type { Observed } from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { unknownPlan } from '../answer.ts';
import { planTree, presentEntries, type TreeWish } from '../placing-tree.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';
import { type Params, synchronizeParams } from './params.ts';
import { planPull } from './pull.ts';
import { failing, isSending, linesOf, told } from './report.ts';
import { survey, type Work } from './survey.ts';

/**
 * Folders as rsync would bring them over, without rsync on either side: what differs travels in one change, which can be put back.
 * Contents are compared, so that a file with another time and the same bytes is no change.
 */
export default defineModule({
  name: 'synchronize',
  summary: 'Brings a folder of the target to what one of the controller is.',
  params: synchronizeParams,
  endsAtPlayHost: true,
  pathsAsWritten: ({ mode }) => (mode === 'push' ? ['src'] : ['dest']),
  needs: async (params, seen, context) =>
    (isPull(params, context) ? await planPull(params, seen, context) : await survey(params, seen, context))
      .needs,
  async plan(params, seen, context): Promise<Plan> {
    if (isPull(params, context)) return (await planPull(params, seen, context)).plan;
    const { found } = await survey(params, seen, context);
    if (found === undefined) return unknownPlan(new Unknown(`${params.dest} was not looked at`));
    if (isUnknown(found)) return unknownPlan(found);
    if ('failed' in found) return failing(found.failed, found.rc);
    return planned(found, seen, context);
  },
});

/** Where both ends are the controller it is all the same which of them is the source. */
function isPull({ mode }: Params, { local }: PlanContext): boolean {
  return mode === 'pull' && !local;
}

function planned(work: Work, seen: Observed, context: PlanContext): Plan {
  const wish = onlyExisting(work, seen);
  if (isUnknown(wish)) return unknownPlan(wish);
  const present = presentEntries(wish, seen);
  if (isUnknown(present)) return unknownPlan(present);
  if (!isSending(work)) return told([`skipping directory ${work.place.prefix || '.'}`]);
  const plan = planTree(wish, seen);
  if ('unknown' in plan) return unknownPlan(plan.unknown);
  if ('failed' in plan) return failing(plan.failed, 11);
  if (plan.root.type === 'absent' && work.options.existingOnly) return told([]);
  const isNear = context.local || context.delegate?.is === 'itself';
  const lines = linesOf(work, wish, { root: plan.root, present }, isNear ? '>' : '<');
  return {
    ...told(lines),
    changes: plan.changes,
    warnings: work.source.skipped.length === 0 ? [] : [`not copied: ${work.source.skipped.join(', ')}`],
  };
}

/** Without the entries that are not there, when nothing new is to be made. */
function onlyExisting({ wish, options }: Work, seen: Observed): TreeWish | Unknown {
  if (!options.existingOnly) return wish;
  const present = presentEntries(wish, seen);
  if (isUnknown(present)) return present;
  return { ...wish, entries: wish.entries.filter(({ path }) => present.has(path)) };
}
