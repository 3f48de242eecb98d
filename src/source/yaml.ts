import {
  type Alias,
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
import { keyOf, nameOfKey, namesOf, put, UnsafeText, VaultText } from '../values/index.ts';
import { indentContinuations } from './continuation.ts';
import { keyOfScalar, plainScalar } from './plain-scalar.ts';

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
  refuseDepth(source);
  const first = readDocuments(source, source.text);
  if (first.errors.length === 0) return first.values;
  const indented = indentContinuations(source.text);
  const second = indented === source.text ? first : readDocuments(source, indented);
  if (second.errors.length > 0) throw new ErrorList(first.errors);
  return second.values;
}

const DEEP = /(?:[-?][ \t]+){500}/;

/** Throws for a list of lists of lists ... on one line: the library would take very long to find out that it is too deep for it. */
function refuseDepth({ text, file, firstLine = 1, kind = 'playbook' }: YamlSource): void {
  const deep = DEEP.exec(text);
  if (!deep) return;
  const before = text.slice(0, deep.index).split('\n');
  const position = { file, line: before.length + firstLine - 1, column: before.at(-1)!.length + 1 };
  throw new ErrorList([new CutoverError(kind, 'YAML: nested too deeply', { position })]);
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
  private readonly anchors = new Map<string, { readonly value: unknown; readonly count: number }>();
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
    const before = this.count++;
    const value = isAlias(node) ? this.named(node) : this.build(node, key);
    if (this.count > MAX_NODES)
      throw new CutoverError(this.kind, 'YAML: the file is too large', {
        position: this.place(node),
        hint: this.anchors.size > 0 ? 'all that its aliases stand for counts' : undefined,
      });
    const anchor = 'anchor' in node ? node.anchor : undefined;
    if (anchor) this.anchors.set(anchor, { value, count: this.count - before });
    return value;
  }

  /** What an alias stands for counts again: whoever walks through the values meets it again. */
  private named(alias: Alias): unknown {
    const known = this.anchors.get(alias.source);
    if (known === undefined)
      this.errors.push(
        new CutoverError(this.kind, `YAML: no value before this one is named &${alias.source}`, {
          position: this.place(alias),
        }),
      );
    this.count += known?.count ?? 0;
    return known?.value ?? null;
  }

  private build(node: Node, key?: string): unknown {
    if (isScalar(node)) return this.scalar(node, key);
    if (isMap(node)) {
      const entries: Record<string, unknown> = {};
      const known: Positions = { self: this.place(node), values: new Map(), keys: new Map() };
      positions.set(entries, known);
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
