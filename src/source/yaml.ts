import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
} from 'yaml';
import { CutoverError, type ErrorKind, ErrorList, type SourcePosition } from '../errors/index.ts';
import {
  Float,
  integerOf,
  type Key,
  keyOf,
  nameOfKey,
  namesOf,
  put,
  UnsafeText,
  VaultText,
} from '../values/index.ts';
import { indentContinuations } from './continuation.ts';

/** The text of a file with the name that errors will show. */
export interface YamlSource {
  readonly text: string;
  readonly file: string;
  /** What an error in it is about. Default `playbook`. */
  readonly kind?: ErrorKind;
  /** Added to line numbers, for text that was cut out of a larger file. */
  readonly firstLine?: number;
}

interface Positions {
  readonly self: SourcePosition;
  /** Of the value under each key or index. */
  readonly values: Map<string | number, SourcePosition>;
  readonly keys: Map<string | number, SourcePosition>;
}

const positions = new WeakMap<object, Positions>();

/**
 * Gives the position of a container, or of the key (`'key'`) or value (`'value'`, default) under one of its keys.
 * Undefined for data that no person wrote.
 */
export function positionOf(
  container: unknown,
  key?: string | number,
  part: 'key' | 'value' = 'value',
): SourcePosition | undefined {
  if (typeof container !== 'object' || container === null) return undefined;
  const known = positions.get(container);
  if (!known) return undefined;
  if (key === undefined) return known.self;
  return (part === 'key' ? known.keys : known.values).get(key) ?? known.self;
}

/** Lets data made from other data (a task built from `local_action`, an INI inventory) answer `positionOf` too. */
export function locate<T extends object>(made: T, at: SourcePosition | object | undefined): T {
  if (at === undefined) return made;
  if ('line' in at && 'file' in at) {
    positions.set(made, { self: at as SourcePosition, values: new Map(), keys: new Map() });
  } else {
    const known = positions.get(at);
    if (known) positions.set(made, known);
  }
  return made;
}

/** Reads the first document. Gives undefined for a file that holds only comments. Throws ErrorList with the syntax errors. */
export function parseYaml(source: YamlSource): unknown {
  return parseYamlDocuments(source)[0];
}

/** Reads every document of a file. Throws ErrorList with the syntax errors. */
export function parseYamlDocuments(source: YamlSource): unknown[] {
  const first = readDocuments(source, source.text);
  if (first.errors.length === 0) return first.values;
  const indented = indentContinuations(source.text);
  const second = indented === source.text ? first : readDocuments(source, indented);
  if (second.errors.length > 0) throw new ErrorList(first.errors);
  return second.values;
}

function readDocuments(
  source: YamlSource,
  text: string,
): { values: unknown[]; errors: readonly CutoverError[] } {
  const lines = new LineCounter();
  const at = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(offset);
    return { file: source.file, line: line + (source.firstLine ?? 1) - 1, column: col };
  };
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    version: '1.2',
    schema: 'core',
    merge: true,
    // Compared here, by name: the library compares every key with every other one.
    uniqueKeys: false,
    strict: true,
    prettyErrors: false,
    logLevel: 'silent',
  });
  if (!Array.isArray(documents)) return { values: [], errors: [] };
  const errors: CutoverError[] = [];
  const values = documents.map((document) => {
    const found = document.errors.map(
      (error) =>
        new CutoverError(source.kind ?? 'playbook', `YAML: ${plainMessage(error.message)}`, {
          position: at(error.pos[0]),
          hint: syntaxHint(error.code),
        }),
    );
    errors.push(...withoutConsequences(found));
    if (document.errors.length > 0 || document.contents === null) return undefined;
    return new Reader(at, source.kind ?? 'playbook', errors).read(document.contents as Node);
  });
  return { values, errors };
}

/** Syntax errors of one document that are worth reading: behind a few, the rest comes of the first ones. */
const MAX_SYNTAX_ERRORS = 3;

/** Takes the first error of each line, and of those the first few. */
function withoutConsequences(errors: readonly CutoverError[]): CutoverError[] {
  const lines = new Map<number | undefined, CutoverError>();
  for (const error of errors) if (!lines.has(error.position?.line)) lines.set(error.position?.line, error);
  return [...lines.values()].slice(0, MAX_SYNTAX_ERRORS);
}

const MAX_NODES = 2_000_000;

class Reader {
  private readonly anchors = new Map<string, unknown>();
  private readonly at: (offset: number) => SourcePosition;
  private readonly kind: ErrorKind;
  private readonly errors: CutoverError[];
  private count = 0;

  constructor(at: (offset: number) => SourcePosition, kind: ErrorKind, errors: CutoverError[]) {
    this.at = at;
    this.kind = kind;
    this.errors = errors;
  }

  read(node: Node | null | undefined, key?: string): unknown {
    if (node === null || node === undefined) return null;
    if (++this.count > MAX_NODES)
      throw new CutoverError(this.kind, 'YAML: the file is too large', { position: this.place(node) });
    const value = this.build(node, key);
    const anchor = 'anchor' in node ? node.anchor : undefined;
    if (anchor) this.anchors.set(anchor, value);
    return value;
  }

  private build(node: Node, key?: string): unknown {
    if (isAlias(node)) return this.anchors.get(node.source) ?? null;
    if (isScalar(node)) return this.scalar(node, key);
    if (isMap(node)) {
      const entries: Record<string, unknown> = {};
      const known: Positions = { self: this.place(node), values: new Map(), keys: new Map() };
      positions.set(entries, known);
      const anchor = node.anchor;
      if (anchor) this.anchors.set(anchor, entries);
      for (const pair of node.items as Pair<Node, Node | null>[]) this.entry(pair, entries, known);
      return entries;
    }
    if (isSeq(node)) {
      const known: Positions = { self: this.place(node), values: new Map(), keys: new Map() };
      const items = (node.items as (Node | null)[]).map((item, index) => {
        known.values.set(index, item ? this.place(item) : known.self);
        return this.read(item);
      });
      positions.set(items, known);
      return items;
    }
    return null;
  }

  private entry(pair: Pair<Node, Node | null>, entries: Record<string, unknown>, known: Positions): void {
    const keyNode = pair.key;
    if (isScalar(keyNode) && keyNode.source === '<<' && keyNode.type === 'PLAIN') {
      const merged = this.read(pair.value);
      for (const part of Array.isArray(merged) ? merged : [merged]) {
        if (typeof part !== 'object' || part === null) continue;
        const more = part as Record<string, unknown>;
        for (const name of namesOf(more)) {
          if (Object.hasOwn(entries, name)) continue;
          put(entries, name, more[name], keyOf(more, name));
          known.values.set(name, positionOf(part, name) ?? known.self);
        }
      }
      return;
    }
    const key = isScalar(keyNode) ? keyOfScalar(keyNode) : undefined;
    const name = key === undefined ? undefined : nameOfKey(key);
    if (key === undefined || name === undefined) {
      this.errors.push(
        new CutoverError(this.kind, 'YAML: a key must be a word, not a list or a mapping', {
          position: this.place(keyNode),
          hint: 'a value that starts with "{{" needs quotes around it',
        }),
      );
      return;
    }
    if (known.keys.has(name)) {
      this.errors.push(
        new CutoverError(this.kind, 'YAML: the same key is written twice in one mapping', {
          position: this.place(keyNode),
        }),
      );
    }
    known.keys.set(name, this.place(keyNode));
    known.values.set(name, pair.value ? this.place(pair.value) : this.place(keyNode));
    put(entries, name, this.read(pair.value, name), key);
  }

  private scalar(node: Scalar, key?: string): unknown {
    const source = node.source ?? '';
    if (node.tag === '!vault' || node.tag === '!vault-encrypted')
      return new VaultText(String(node.value), this.place(node));
    if (node.tag === '!unsafe') return new UnsafeText(String(node.value));
    if (node.tag?.startsWith('!')) {
      this.errors.push(
        new CutoverError(this.kind, `YAML: the tag ${node.tag} is not known`, {
          position: this.place(node),
          hint: 'known are !vault and !unsafe',
        }),
      );
      return null;
    }
    if (node.type !== 'PLAIN' || node.tag !== undefined) return node.value;
    return plainScalar(source, node.value, key);
  }

  private place(node: Node): SourcePosition {
    return this.at(node.range?.[0] ?? 0);
  }
}

/** Gives a key: a number or null stays what it is; `on` and `yes` are words. */
function keyOfScalar(node: Scalar): Key {
  const source = node.source ?? String(node.value);
  if (node.type !== 'PLAIN' || node.tag !== undefined) return source;
  const value = plainScalar(source, node.value, undefined);
  return typeof value === 'string' || typeof value === 'boolean' ? source : (value as Key);
}

/**
 * YAML 1.2 core, plus what hands know from YAML 1.1: yes/no/on/off, and integers with a leading 0 are octal.
 * A `mode` keeps its text, because 0644 and 644 are different things there.
 */
function plainScalar(source: string, value: unknown, key: string | undefined): unknown {
  if (/^(?:yes|Yes|YES|on|On|ON)$/.test(source)) return true;
  if (/^(?:no|No|NO|off|Off|OFF)$/.test(source)) return false;
  if (/^0o?[0-7]+$/.test(source) && source.length > 1) {
    if (key !== undefined && /mode$/.test(key)) return source.replace(/^0o/, '0');
    return Number.parseInt(source.replace(/^0o/, ''), 8);
  }
  if (/^[-+]?[0-9][0-9_]*$/.test(source) && source.includes('_'))
    return integerOf(BigInt(source.replaceAll('_', '').replace('+', '')));
  if (/^0[0-9]+$/.test(source)) return source;
  // To YAML 1.1 a float has a point: `1e3` may be the short name of a commit.
  if (/^[-+]?[0-9]+[eE][-+]?[0-9]+$/.test(source)) return source;
  if (/^[-+]?[0-9]{16,}$/.test(source)) return integerOf(BigInt(source.replace('+', '')));
  // A power of ten without point and sign is text, as in YAML 1.1: a commit may be called 7e10.
  if (/^[-+]?[0-9.]*e/i.test(source) && !/^[-+]?(?:\d+\.\d*|\.\d+)e[-+]\d+$/i.test(source)) return source;
  if (Number.isInteger(value) && /^[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?$/.test(source) && /[.eE]/.test(source))
    return new Float(value as number);
  return value;
}

function plainMessage(message: string): string {
  const first = message.split('\n')[0] ?? message;
  return first.charAt(0).toLowerCase() + first.slice(1);
}

function syntaxHint(code: string): string | undefined {
  if (code === 'TAB_AS_INDENT') return 'indent with spaces';
  if (code === 'BLOCK_IN_FLOW' || code === 'MISSING_CHAR')
    return 'a value that starts with "{{" needs quotes around it';
  if (code === 'BAD_INDENT' || code === 'BLOCK_AS_IMPLICIT_KEY')
    return 'look at the indentation, and quote a value that holds ": "';
  return undefined;
}
