/** The functions and values that every template sees; variables of the same name come first. */
import { OMIT, put, Undefined } from '../../values/index.ts';
import { now } from '../python/datetime.ts';
import { fillDict } from '../python/dicts.ts';
import { Callable, NO_ATTRIBUTE, PyObject } from '../python/kinds.ts';
import { str } from '../python/text.ts';
import { type Args, type Routine, type Routines, routine } from '../routine.ts';
import { bound } from './function.ts';

/** `namespace()`: an object whose attributes a loop can assign. */
class Namespace extends PyObject {
  readonly typeName = 'Namespace';
  private readonly values: Record<string, unknown> = {};

  constructor(args: Args) {
    super();
    if (args.given('initial')) fillDict(this.values, args.get('initial'), args);
    for (const key of Object.keys(args.named)) put(this.values, key, args.named[key]);
  }

  override attr(name: string): unknown {
    return Object.hasOwn(this.values, name) ? this.values[name] : NO_ATTRIBUTE;
  }

  override assign(name: string, value: unknown): boolean {
    put(this.values, name, value);
    return true;
  }

  override repr(): string {
    return `<Namespace ${str(this.values)}>`;
  }

  override plain(): unknown {
    return this.values;
  }
}

/** `cycler('a', 'b')`: gives its items in turn. */
class Cycler extends PyObject {
  readonly typeName = 'Cycler';
  private readonly items: readonly unknown[];
  private position = 0;

  constructor(args: Args) {
    super();
    if (args.rest.length === 0) args.fail('at least one item is needed');
    this.items = args.rest;
  }

  override attr(name: string): unknown {
    if (name === 'current') return this.items[this.position];
    if (name === 'next')
      return bound(
        'cycler.next',
        routine('', () => this.advance()),
      );
    if (name === 'reset')
      return bound(
        'cycler.reset',
        routine('', () => this.reset()),
      );
    return NO_ATTRIBUTE;
  }

  private advance(): unknown {
    const current = this.items[this.position];
    this.position = (this.position + 1) % this.items.length;
    return current;
  }

  private reset(): null {
    this.position = 0;
    return null;
  }
}

/** `joiner(', ')`: nothing the first time it is called, then its separator. */
class Joiner extends Callable {
  readonly name = 'joiner';
  override readonly typeName = 'Joiner';
  private readonly separator: string;
  private used = false;

  constructor(separator: string) {
    super();
    this.separator = separator;
  }

  call(): unknown {
    if (this.used) return this.separator;
    this.used = true;
    return '';
  }
}

const LONGEST_RANGE = 1_000_000;

function range(args: Args): number[] {
  const [first, second, by] = [args.int('start'), args.optionalInt('stop'), args.int('step')];
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  if (by === 0) args.refuse('step', 'must not be zero');
  const count = Math.max(0, Math.ceil((stop - start) / by));
  if (count > LONGEST_RANGE)
    args.fail(
      `a range has at most ${LONGEST_RANGE.toLocaleString('en')} items here, not ${count.toLocaleString('en')}`,
    );
  args.run.spend(count);
  return Array.from({ length: count }, (_, index) => start + index * by);
}

const query: Routine = routine('name * **', (_, args) =>
  args.run.around.runLookup(args.text('name'), args.rest, { ...args.named, wantlist: true }, args.run),
);

const FUNCTIONS: Routines = {
  range: routine('start stop=null step=1', (_, args) => range(args)),
  dict: routine('iterable=[] **', (_, args) => {
    const made: Record<string, unknown> = {};
    fillDict(made, args.get('iterable'), args);
    return made;
  }),
  namespace: routine('initial=[] **', (_, args) => new Namespace(args)),
  cycler: routine('*', (_, args) => new Cycler(args)),
  joiner: routine('sep=", "', (_, args) => new Joiner(args.text('sep'))),
  lookup: routine('name * **', (_, args) =>
    args.run.around.runLookup(args.text('name'), args.rest, args.named, args.run),
  ),
  query,
  q: query,
  now: routine('utc=false fmt=null', (_, args) => now(args)),
  undef: routine(
    'hint=null',
    (_, args) =>
      new Undefined('undef()', args.optionalText('hint') ?? 'Mandatory variable has not been overridden'),
  ),
};

/** Globals by name. */
export const GLOBALS: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(Object.entries(FUNCTIONS).map(([name, target]) => [name, bound(name, target)])),
  omit: OMIT,
};
