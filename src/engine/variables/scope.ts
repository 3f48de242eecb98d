import { CutoverError, didYouMean, type SourcePosition } from '../../errors/index.ts';
import { positionOf } from '../../source/index.ts';
import type { Scope, Templar } from '../../template/index.ts';
import { isMapping, mergeDeep, Undefined, UnsafeText, VaultText } from '../../values/index.ts';

/** Variables of one precedence level. `final` values (results, facts, loop items) are data and never evaluated. */
export interface ScopeLayer {
  readonly values: Readonly<Record<string, unknown>>;
  readonly final: boolean;
  /** What a playbook wrote where data come from: the list of a loop, for its item. */
  readonly source?: Readonly<Record<string, unknown>> | undefined;
  /** Which of these values come from hosts, programs or files. */
  readonly foreign?: ((name: string) => boolean) | undefined;
  /** As `cutover explain` names it: level and file. */
  readonly origin: string;
  /** Where each value was written, when the values themselves do not know (INI inventories). */
  readonly positions?: { get(name: string): SourcePosition | undefined } | undefined;
  /** Written at the task or at what it stands in: of these the nearest counts alone, also where mappings are merged. */
  readonly ofTask?: boolean;
}

/** A name that no variable can have: a scope that knows it only looks ahead, where nothing may be done yet. */
export const LOOKS_AHEAD = 'looks ahead';

/** The variables of one task on one host: layers, strongest first, rendered when they are read. */
export class LayeredScope implements Scope {
  readonly layers: readonly ScopeLayer[];
  private readonly magic: ReadonlyMap<string, () => unknown>;
  private readonly templar: Templar;
  private readonly rendered = new Map<string, unknown>();
  private readonly resolving = new Set<string>();

  private readonly merges: boolean;

  /** `merges`: mappings of several layers become one (`hash_behaviour`). */
  constructor(
    layers: readonly ScopeLayer[],
    magic: ReadonlyMap<string, () => unknown>,
    templar: Templar,
    merges = false,
  ) {
    this.merges = merges;
    this.layers = layers;
    this.magic = magic;
    this.templar = templar;
  }

  /** Gives the same scope with more data on top: what a task came to, `foreign` when its texts are others'. */
  with(values: Readonly<Record<string, unknown>>, foreign: boolean): LayeredScope {
    return new LayeredScope(
      [{ values, final: true, foreign: () => foreign, origin: 'this task' }, ...this.layers],
      this.magic,
      this.templar,
      this.merges,
    );
  }

  /** Gives the same scope with weaker layers underneath. */
  below(layers: readonly ScopeLayer[]): LayeredScope {
    return new LayeredScope([...this.layers, ...layers], this.magic, this.templar, this.merges);
  }

  /** Gives the same scope in which the engine itself says otherwise about one name. */
  saying(name: string, value: unknown): LayeredScope {
    return new LayeredScope(
      this.layers,
      new Map([...this.magic, [name, () => value]]),
      this.templar,
      this.merges,
    );
  }

  /** Whether the engine itself gives the variable, whatever the layers say. */
  isMagic(name: string): boolean {
    return this.magic.has(name);
  }

  has(name: string): boolean {
    return this.magic.has(name) || this.layers.some((layer) => Object.hasOwn(layer.values, name));
  }

  get(name: string): unknown {
    if (this.rendered.has(name)) return this.rendered.get(name);
    const value = this.resolve(name);
    this.rendered.set(name, value);
    return value;
  }

  written(name: string): unknown {
    if (this.magic.has(name)) return undefined;
    const layer = this.layers.find(({ values }) => Object.hasOwn(values, name));
    return layer?.final ? layer.source?.[name] : layer?.values[name];
  }

  foreign(name: string): boolean {
    if (this.magic.has(name)) return VIEWS_OF_FACTS.includes(name);
    const layer = this.layers.find(({ values }) => Object.hasOwn(values, name));
    return layer?.foreign?.(name) === true && holdsText(layer.values[name]);
  }

  *names(): Iterable<string> {
    const seen = new Set<string>(this.magic.keys());
    yield* this.magic.keys();
    for (const layer of this.layers) {
      for (const name of Object.keys(layer.values)) {
        if (seen.has(name)) continue;
        seen.add(name);
        yield name;
      }
    }
  }

  private resolve(name: string): unknown {
    const magic = this.magic.get(name);
    if (magic) return magic();
    for (const [index, layer] of this.layers.entries()) {
      if (!Object.hasOwn(layer.values, name)) continue;
      const value = layer.values[name];
      if (this.merges && isMapping(value)) return this.merged(name, index);
      return layer.final || isPlain(value) ? value : this.render(name, value, layer);
    }
    return new Undefined(name, `'${name}' is undefined`, didYouMean(name, this.names()));
  }

  /** Lays the mappings of all layers over one another, deep, from the weakest on; what is no mapping ends it. */
  private merged(name: string, from: number): unknown {
    const parts: Record<string, unknown>[] = [];
    let taskSaidIt = false;
    for (const layer of this.layers.slice(from)) {
      if (!Object.hasOwn(layer.values, name) || (layer.ofTask && taskSaidIt)) continue;
      taskSaidIt ||= layer.ofTask === true;
      const written = layer.values[name];
      const value = layer.final || isPlain(written) ? written : this.render(name, written, layer);
      if (!isMapping(value)) break;
      parts.unshift(value);
    }
    return parts.reduce((under, over) => mergeDeep(under, over));
  }

  private render(name: string, value: unknown, layer: ScopeLayer): unknown {
    const at = positionOf(layer.values, name);
    if (this.resolving.has(name)) {
      throw new CutoverError(
        'template',
        `the variable "${name}" refers to itself: ${[...this.resolving, name].join(' -> ')}`,
        { position: at },
      );
    }
    this.resolving.add(name);
    try {
      return this.templar.renderDeep(value, this, { lenient: true, ...(at ? { at } : {}) });
    } finally {
      this.resolving.delete(name);
    }
  }
}

/** Magic variables in which texts of hosts are. */
const VIEWS_OF_FACTS = ['ansible_facts', 'vars'];

function holdsText(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsText);
  return typeof value === 'string' || (isMapping(value) && Object.values(value).some(holdsText));
}

const plain = new WeakMap<object, boolean>();

/** Whether a value holds neither a template nor a value that needs opening; remembered for containers, which never change. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'string')
    return !value.includes('{{') && !value.includes('{%') && !value.includes('{#');
  if (typeof value !== 'object' || value === null) return true;
  if (value instanceof UnsafeText || value instanceof VaultText) return false;
  const known = plain.get(value);
  if (known !== undefined) return known;
  const answer = Array.isArray(value)
    ? value.every(isPlain)
    : Object.entries(value).every(([key, item]) => isPlain(key) && isPlain(item));
  plain.set(value, answer);
  return answer;
}
