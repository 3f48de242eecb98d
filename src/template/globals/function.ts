/** Functions that templates can call. */
import { Callable } from '../python/kinds.ts';
import { invoke, type Routine } from '../routine.ts';
import type { Run } from '../run.ts';

/** A routine under a name, callable without a value. */
class NamedFunction extends Callable {
  readonly name: string;
  private readonly target: Routine;

  constructor(name: string, target: Routine) {
    super();
    this.name = name;
    this.target = target;
  }

  call(run: Run, positional: unknown[], named: Record<string, unknown>): unknown {
    return run.derive(
      [positional, named],
      invoke(this.target, `${this.name}()`, run, undefined, positional, named),
    );
  }
}

/** Makes a callable of a routine. */
export function bound(name: string, target: Routine): Callable {
  return new NamedFunction(name, target);
}
