import { asCutoverError, CutoverError, ErrorList } from '../../errors/index.ts';
import { type Include, type Included, MissingRole, roleRequest } from '../../playbook/index.ts';
import { isMapping, isUnknown } from '../../values/index.ts';
import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import type { Extras, TaskOutcome } from '../task/task-outcome.ts';
import { judge } from '../variables/conditions.ts';
import { loopItems, loopVariables, withNames } from '../variables/loops.ts';
import type { LayeredScope } from '../variables/scope.ts';
import { isOn } from '../variables/switches.ts';
import { scopeFor } from '../variables/variables.ts';

/** The tasks that an include stands for on one host, per loop item; or the outcome when it brings none. */
export type Expansion =
  | {
      readonly kind: 'parts';
      readonly parts: readonly {
        readonly included: Included;
        readonly variables: Readonly<Record<string, unknown>>;
      }[];
    }
  | { readonly kind: 'outcome'; readonly outcome: TaskOutcome }
  /** What the role says is wrong: a mistake in the playbook, which nothing can ignore or rescue. */
  | { readonly kind: 'stop'; readonly error: CutoverError };

/** Expands `include_tasks` or `include_role` for a host. What goes wrong becomes a failed outcome. */
export async function expandInclude(
  play: PlayContext,
  host: HostState,
  include: Include,
  extras: Extras,
): Promise<Expansion> {
  try {
    return await expand(play, host, include, extras);
  } catch (error) {
    if (error instanceof BadRole && !(error.reason instanceof MissingRole))
      return { kind: 'stop', error: error.reason };
    // A file or role that is not there fails the host, whatever it says of errors.
    const unread = error instanceof BadFile;
    const missing = error instanceof BadRole;
    const thrown = unread ? error.cause : missing ? error.reason : error;
    const known =
      thrown instanceof CutoverError
        ? thrown
        : new CutoverError('playbook', (thrown as Error).message, {
            position: include.position,
            cause: thrown,
          });
    const outcome = plainOutcome('failed', { failed: true, msg: known.message }, known);
    return {
      kind: 'outcome',
      outcome: {
        ...outcome,
        ignored: !unread && !missing && ignores(play, host, include, extras),
        ...(missing ? { uncounted: true } : {}),
      },
    };
  }
}

function ignores(play: PlayContext, host: HostState, include: Include, extras: Extras): boolean {
  return isOn(
    play.run.templar,
    include.ignoreErrors,
    scopeFor(play.run, { host, play, task: include, extras }),
  );
}

/** The file of an include cannot be had; the cause says why. */
class BadFile extends Error {}

class BadRole extends Error {
  readonly reason: CutoverError;
  constructor(reason: CutoverError) {
    super(reason.message);
    this.reason = reason;
  }
}

async function expand(
  play: PlayContext,
  host: HostState,
  include: Include,
  extras: Extras,
): Promise<Expansion> {
  const run = play.run;
  const rules = { templar: run.templar, truthy: run.options.config.allowBrokenConditionals === true };
  const scope = scopeFor(run, { host, play, task: include, extras });
  const falseFirst = () =>
    include.when.some((condition) => judgeQuietly(() => judge([condition], scope, rules).holds) === false);
  let items: ReturnType<typeof loopItems> = [undefined];
  const loop = include.loop && withNames(include.loop, scope, run.templar);
  if (loop) {
    try {
      items = loopItems(loop, scope, run.templar);
    } catch (error) {
      if (falseFirst()) return { kind: 'outcome', outcome: skipped() };
      throw error;
    }
  }
  if (isUnknown(items)) return { kind: 'outcome', outcome: plainOutcome('unknown', { msg: items.reason }) };
  const parts: { included: Included; variables: Readonly<Record<string, unknown>> }[] = [];
  for (const index of items.keys()) {
    const variables = loop ? loopVariables(loop, items, index) : {};
    const itemScope = loop
      ? scopeFor(run, { host, play, task: include, extras: [...extras, variables] })
      : scope;
    const holds = judge(include.when, itemScope, rules).holds;
    if (isUnknown(holds)) return { kind: 'outcome', outcome: plainOutcome('unknown', { msg: holds.reason }) };
    if (holds) parts.push({ included: await load(play, include, itemScope), variables });
    const breakWhen = loop?.control.breakWhen;
    if (breakWhen && judge(breakWhen, itemScope, rules).holds === true) break;
  }
  return parts.length === 0 ? { kind: 'outcome', outcome: skipped() } : { kind: 'parts', parts };
}

async function load(play: PlayContext, include: Include, scope: LayeredScope): Promise<Included> {
  const { templar } = play.run;
  const args = templar.renderDeep(include.args, scope, { at: include.argsAt });
  if (!isMapping(args))
    throw new CutoverError('playbook', 'the arguments of an include must be a mapping', {
      position: include.argsAt,
    });
  if (include.what === 'tasks') {
    const file = args.file ?? args._raw ?? args._raw_params;
    if (typeof file !== 'string')
      throw new CutoverError('playbook', 'include_tasks needs the name of a file', {
        position: include.argsAt,
      });
    return play.includes.tasks(include, file, {}).catch((cause) => {
      throw new BadFile(file, { cause });
    });
  }
  const role = play.includes.role(include, roleRequest('include_role', args, include.argsAt), {});
  return role.catch((error) => {
    const [only, ...more] = error instanceof ErrorList ? error.errors : [error];
    const reason = more.length === 0 ? only : new CutoverError('playbook', error.message);
    throw new BadRole(asCutoverError(reason, 'playbook', { position: include.position }));
  });
}

function judgeQuietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function skipped(): TaskOutcome {
  return plainOutcome('skipped', { skipped: true, skip_reason: 'Conditional result was False' });
}

/** What became of a step that no module carried out. */
export function plainOutcome(
  status: TaskOutcome['status'],
  result: Record<string, unknown>,
  error?: CutoverError,
): TaskOutcome {
  return {
    status,
    ignored: false,
    result: { changed: false, ...result },
    changes: [],
    diffs: [],
    ...(error ? { error } : {}),
    loop: false,
    noLog: false,
  };
}
