/** One rendering: where names come from, what it may still spend, and the way to filters, tests and lookups. */
import { didYouMean, nearest } from '../errors/index.ts';
import type { Secrets } from '../secrets/index.ts';
import { isMapping, isUnknown, mapValues, Undefined, UnsafeText, VaultText } from '../values/index.ts';
import { type FaultDetails, type PluginName, TemplateFault, UnknownSignal } from './faults.ts';
import { FILTERS } from './filters/index.ts';
import { GLOBALS } from './globals/index.ts';
import { Tuple, tuple } from './python/kinds.ts';
import { iterate, truthy } from './python/logic.ts';
import { invoke } from './routine.ts';
import { TESTS } from './tests/index.ts';
import type { FileOptions, LookupContext, Scope, Templar } from './types.ts';

/** Steps (loop turns, macro calls, items of ranges and products) that one rendering may take. */
const MOST_STEPS = 5_000_000;
const DEEPEST_CALL = 150;

/** What a run takes from the templar that made it. */
export interface Surroundings {
  readonly templar: Templar;
  readonly secrets: Secrets;
  readonly now: () => Date;
  readonly decrypt: ((ciphertext: string, at?: VaultText['position']) => string) | undefined;
  readonly lookups: ((scope: Scope, templar: Templar) => LookupContext) | undefined;
  /** Renders a template file that a template includes, imports or extends. */
  readonly loadTemplate: (name: string, run: Run) => unknown;
  readonly runLookup: (
    name: string,
    positional: readonly unknown[],
    named: Readonly<Record<string, unknown>>,
    run: Run,
  ) => unknown;
}

/** One rendering of one template. */
export class Run {
  readonly scope: Scope;
  readonly around: Surroundings;
  readonly file: Pick<FileOptions, 'file' | 'besideFirst' | 'newlineSequence'> | undefined;
  private readonly resolved = new Map<string, unknown>();
  private readonly copies: boolean;
  private steps = MOST_STEPS;
  private depth = 0;

  /**
   * `copies`: values of variables are copied first, since the template changes lists or mappings in place.
   * `file`: the template file that is rendered, for what it includes.
   */
  constructor(
    around: Surroundings,
    scope: Scope,
    copies: boolean,
    file?: Pick<FileOptions, 'file' | 'besideFirst' | 'newlineSequence'>,
  ) {
    this.around = around;
    this.file = file;
    this.scope = scope;
    this.copies = copies;
  }

  /** Gives a variable or global, read once per rendering; an `Undefined` when there is none. */
  resolve(name: string): unknown {
    if (this.resolved.has(name)) return this.resolved.get(name);
    let value: unknown;
    if (this.scope.has(name)) {
      value = this.open(this.scope.get(name));
      if (this.copies) value = deepCopy(value);
    } else {
      value = this.resolveGlobal(name);
    }
    this.resolved.set(name, value);
    return value;
  }

  /** Gives a global; an `Undefined` when there is none, with a hint when a variable has the name. */
  resolveGlobal(name: string): unknown {
    if (Object.hasOwn(GLOBALS, name)) return GLOBALS[name];
    if (!this.scope.has(name)) return this.missing(name);
    return new Undefined(
      name,
      `'${name}' is undefined`,
      'the template is used without its context: write `with context`',
    );
  }

  /** Unwraps texts of the special kinds. */
  open(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof UnsafeText) return value.text;
    if (!(value instanceof VaultText)) return value;
    if (!this.around.decrypt) throw new TemplateFault('a vault value needs the vault password');
    const text = this.around.decrypt(value.ciphertext, value.position);
    this.around.secrets.add(text);
    return text;
  }

  private missing(name: string): Undefined {
    const hint = didYouMean(name, this.scope.names()) ?? didYouMean(name, Object.keys(GLOBALS));
    return new Undefined(name, `'${name}' is undefined`, hint);
  }

  /** Takes steps from the budget, so that no template can hold the controller up. */
  spend(steps: number): void {
    this.steps -= steps;
    if (this.steps < 0 || Number.isNaN(this.steps))
      throw new TemplateFault(`the template takes more than ${MOST_STEPS.toLocaleString('en')} steps`, {
        hint: 'is there a loop over a very large range?',
      });
  }

  /** Runs a call one level deeper. */
  deeper<T>(call: () => T): T {
    if (++this.depth > DEEPEST_CALL) throw new TemplateFault('macros or loops call themselves too deeply');
    try {
      this.spend(1);
      return call();
    } finally {
      this.depth--;
    }
  }

  /** Marks what was made from a secret as secret too. */
  derive<T>(input: unknown, output: T): T {
    if (this.around.secrets.size > 0) this.around.secrets.derive(input, output);
    return output;
  }

  /** Applies a filter by name. */
  filter(
    name: string,
    value: unknown,
    positional: readonly unknown[] = [],
    named: Readonly<Record<string, unknown>> = {},
  ): unknown {
    const found = findFilter(name);
    if (!found) throw new TemplateFault(...unknownFilter(name));
    const result = invoke(found, `filter "${name}"`, this, value, positional, named);
    return this.derive([value, ...positional, ...Object.values(named)], result);
  }

  /** Applies a test by name. A test that cannot know its answer signals so. */
  test(
    name: string,
    value: unknown,
    positional: readonly unknown[] = [],
    named: Readonly<Record<string, unknown>> = {},
  ): boolean {
    const found = findTest(name);
    if (!found) {
      // Ansible lets some filters (the ipaddr family) stand as tests.
      const asFilter = findFilter(name);
      if (!asFilter) throw new TemplateFault(...unknownTest(name));
      return truthy(this.filter(name, value, positional, named));
    }
    const result = invoke(found, `test "${name}"`, this, value, positional, named);
    if (isUnknown(result)) throw new UnknownSignal(result);
    return truthy(result);
  }

  /** Gives what lookups may use. Throws when this templar has none. */
  lookupContext(): LookupContext {
    if (!this.around.lookups) throw new TemplateFault('lookups are not possible here');
    return this.around.lookups(this.scope, this.around.templar);
  }

  /** Gives the items of a value, each counted as a step. */
  items(value: unknown): unknown[] {
    const items = iterate(value);
    this.spend(items.length);
    return items;
  }
}

/** Gives the short name of a routine in one of the collections that are built in. */
function shortName(name: string): string {
  const dot = name.lastIndexOf('.');
  if (dot === -1) return name;
  const collection = name.slice(0, dot);
  return COLLECTIONS.has(collection) ? name.slice(dot + 1) : name;
}

const COLLECTIONS = new Set([
  'ansible.builtin',
  'ansible.legacy',
  'ansible.utils',
  'ansible.netcommon',
  'ansible.posix',
  'ansible.windows',
  'community.general',
  'community.crypto',
]);

const findFilter = (name: string) => own(FILTERS, shortName(name));
const findTest = (name: string) => own(TESTS, shortName(name));

/** Whether a test has an answer for something undefined. */
export const answersForUndefined = (name: string): boolean => findTest(name)?.tolerant ?? false;
const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** Gives the error of an unknown filter, or undefined when there is such a filter. */
export function filterProblem(name: string): TemplateFault | undefined {
  return findFilter(name) || isElsewhere(name) ? undefined : new TemplateFault(...unknownFilter(name));
}

/** Gives the error of an unknown test, or undefined when there is such a test. */
export function testProblem(name: string): TemplateFault | undefined {
  return findTest(name) || findFilter(name) || isElsewhere(name)
    ? undefined
    : new TemplateFault(...unknownTest(name));
}

/** Whether a name is that of a plugin in a collection: it may exist, and is an error only where it is used. */
function isElsewhere(name: string): boolean {
  return /^(?!ansible\.(?:builtin|legacy)\.)\w+\.\w+\.\w+$/.test(name);
}

function unknownFilter(name: string): [string, FaultDetails] {
  const near = nearest(shortName(name), Object.keys(FILTERS));
  return [`there is no filter "${name}"`, missingPlugin('filter', name, near)];
}

function unknownTest(name: string): [string, FaultDetails] {
  const near = nearest(shortName(name), Object.keys(TESTS));
  return [`there is no test "${name}"`, missingPlugin('test', name, near)];
}

/** What a fault about a name that is not built in tells. */
export function missingPlugin(
  kind: PluginName['kind'],
  name: string,
  near: string | undefined,
): FaultDetails {
  return { plugin: { kind, name }, ...(near ? { hint: `did you mean "${near}"?` } : {}) };
}

const DEEPEST = 1000;

/** Copies lists and mappings, so that changes in place stay in the template. Throws when a list holds itself. */
export function deepCopy(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) throw new TemplateFault('the value is nested too deeply');
  const copy = (item: unknown): unknown => deepCopy(item, depth + 1);
  if (value instanceof Tuple) return tuple(...Array.from(value, copy));
  if (Array.isArray(value)) return Array.from(value, copy);
  return isMapping(value) ? mapValues(value, copy) : value;
}
