/** Tests of task results. */
import { isMapping, isUnknown, type Unknown } from '../../values/index.ts';
import { typeName } from '../python/kinds.ts';
import { contains, truthy } from '../python/logic.ts';
import { type Args, type Routine, type Routines, routine } from '../routine.ts';

type Result = Record<string, unknown>;

const own = (result: Result, key: string): unknown => (Object.hasOwn(result, key) ? result[key] : undefined);

/** A test of a registered result. What the result does not know makes the answer unknown. */
function ofResult(read: (result: Result) => boolean | Unknown): Routine {
  return routine('', (value, args: Args) =>
    isMapping(value)
      ? read(value)
      : args.fail(`expects a dictionary, the registered result of a task, not ${typeName(value)}`),
  );
}

function flag(result: Result, key: string): boolean | Unknown {
  const value = own(result, key);
  return isUnknown(value) ? value : value !== undefined && truthy(value);
}

const negated = (value: boolean | Unknown): boolean | Unknown => (isUnknown(value) ? value : !value);

function failed(result: Result): boolean | Unknown {
  return flag(result, 'failed');
}

function changed(result: Result): boolean | Unknown {
  if (Object.hasOwn(result, 'changed')) return flag(result, 'changed');
  const items = own(result, 'results');
  if (!Array.isArray(items)) return false;
  return items.some((item) => isMapping(item) && flag(item, 'changed') === true);
}

const isFailed = ofResult(failed);
const isOk = ofResult((result) => negated(failed(result)));
const isChanged = ofResult(changed);
const isSkipped = ofResult((result) => flag(result, 'skipped'));
/** A task that was no job is over, and was begun. */
const unlessTold = (key: string) =>
  ofResult((result) => (Object.hasOwn(result, key) ? flag(result, key) : true));

/** Tests by name. */
export const RESULT_TESTS: Routines = {
  change: isChanged,
  changed: isChanged,
  failed: isFailed,
  failure: isFailed,
  finished: unlessTold('finished'),
  reachable: ofResult((result) => negated(flag(result, 'unreachable'))),
  skip: isSkipped,
  skipped: isSkipped,
  started: unlessTold('started'),
  succeeded: isOk,
  success: isOk,
  successful: isOk,
  timedout: ofResult((result) => {
    const period = own(result, 'timedout');
    return isMapping(period) ? contains(period, 'period') : flag(result, 'timedout');
  }),
  unreachable: ofResult((result) => flag(result, 'unreachable')),
};
