/** What a YAML document is made of, before it is laid out: values as nodes, and which of them come again. */
import { BigInteger, isMapping, isOmit, isUndefined, isUnknown, keyOf, namesOf } from '../../values/index.ts';
import { refuseUndefined, TemplateFault, UnknownSignal } from '../faults.ts';
import { PyObject } from './kinds.ts';
import { compare } from './logic.ts';
import { simpleScalar } from './yaml-number.ts';

/** How YAML is laid out. */
export interface YamlLayout {
  readonly indent: number;
  readonly width: number;
  /** Which collections are written in one line: all, those that hold scalars only, or none. */
  readonly flow: 'all' | 'leaves' | 'none';
  readonly sortKeys: boolean;
  readonly unicode: boolean;
  readonly explicitStart: boolean;
  readonly explicitEnd: boolean;
}

/** A node. */
export type Node = { readonly kind: 'scalar'; readonly text: string; readonly isText: boolean } | Collection;

/** A list or mapping. */
export interface Collection {
  readonly kind: 'list' | 'map';
  readonly source: object;
  readonly flow: boolean;
  readonly items: readonly Node[];
  readonly keys: readonly Node[];
}

/** The nodes of one document. */
export class NodeTree {
  /** Lists and mappings that stand in several places: they get anchors. */
  readonly repeated = new Set<object>();
  private readonly nodes = new Map<object, Collection>();
  private readonly layout: YamlLayout;

  constructor(layout: YamlLayout) {
    this.layout = layout;
  }

  /** Gives a value's node. Throws TemplateFault for what YAML cannot hold. */
  nodeOf(value: unknown, depth: number): Node {
    if (depth > 100) throw new TemplateFault('the value is nested too deeply for YAML');
    if (typeof value === 'string') return { kind: 'scalar', text: value, isText: true };
    if (typeof value !== 'object' || value === null || value instanceof Number || value instanceof BigInteger)
      return { kind: 'scalar', text: simpleScalar(value), isText: false };
    if (isUndefined(value)) refuseUndefined(value);
    if (isUnknown(value)) throw new UnknownSignal(value);
    if (isOmit(value)) throw new TemplateFault('omit cannot become YAML');
    if (value instanceof PyObject) return this.nodeOf(value.plain(), depth + 1);
    if (!Array.isArray(value) && !isMapping(value))
      throw new TemplateFault('a value that is not data cannot become YAML');
    const known = this.nodes.get(value);
    if (known) {
      this.repeated.add(value);
      return known;
    }
    return this.collection(value, depth);
  }

  private collection(value: unknown[] | Record<string, unknown>, depth: number): Collection {
    const isList = Array.isArray(value);
    const names = isList ? [] : this.ordered(value);
    const items = isList
      ? Array.from(value, (item) => this.nodeOf(item, depth + 1))
      : names.map((name) => this.nodeOf(value[name], depth + 1));
    const keys = isList ? [] : names.map((name) => this.nodeOf(keyOf(value, name), depth + 1));
    const leaves = items.every((item) => item.kind === 'scalar');
    const flow = this.layout.flow === 'all' || (this.layout.flow === 'leaves' && leaves);
    const made: Collection = { kind: isList ? 'list' : 'map', source: value, flow, items, keys };
    this.nodes.set(value, made);
    return made;
  }

  /** Keys that cannot be compared stay as they came. */
  private ordered(mapping: Record<string, unknown>): string[] {
    const names = namesOf(mapping);
    if (!this.layout.sortKeys) return names;
    try {
      return names.toSorted((a, b) => compare(keyOf(mapping, a), keyOf(mapping, b)));
    } catch (error) {
      if (error instanceof TemplateFault) return names;
      throw error;
    }
  }
}
