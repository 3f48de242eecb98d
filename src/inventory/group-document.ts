import { CutoverError, didYouMean, ErrorList, type SourcePosition } from '../errors/index.ts';
import { parseYaml, positionOf } from '../source/index.ts';
import { isMapping, keyOf, wordOfKey } from '../values/index.ts';
import type { InventoryGraph, PlacedVars } from './graph.ts';
import { expandRanges, splitAddress } from './host-names.ts';
import { LARGE, readPlainYaml } from './plain-yaml.ts';
import type { SourceText } from './source-text.ts';

const KEYS = ['hosts', 'vars', 'children'];

/** Reads an inventory in YAML or JSON into the graph. Throws ErrorList with every error of the file. */
export function readYaml(source: SourceText, graph: InventoryGraph): void {
  const plain = source.text.length >= LARGE ? readPlainYaml(source) : undefined;
  if (plain) {
    readGroups(plain.data, source.file, graph, plain.locate);
    return;
  }
  const data = parseYaml({ ...source, kind: 'inventory' });
  if (data === undefined || data === null) return;
  readGroups(data, source.file, graph, (container, key, part) => positionOf(container, key, part));
}

/** Says where a key (or its value) stands. */
export type Locate = (
  container: object,
  key?: string | number,
  part?: 'key' | 'value',
) => SourcePosition | undefined;

/**
 * Reads `{group: {hosts, vars, children}}`, the shape that YAML, JSON and TOML inventories share. In TOML `children` is a
 * list of names; both shapes are taken from either. Throws ErrorList with every error.
 */
export function readGroups(data: unknown, file: string, graph: InventoryGraph, locate: Locate): void {
  const start = { file, line: 1, column: 1 };
  if (!isMapping(data)) {
    throw new ErrorList([
      new CutoverError('inventory', 'an inventory must be a mapping of groups', {
        position: (typeof data === 'object' && data !== null ? locate(data) : undefined) ?? start,
        hint: 'start with "all:" and put "hosts:" or "children:" below it',
      }),
    ]);
  }
  if (typeof data.plugin === 'string') {
    throw new ErrorList([
      new CutoverError(
        'inventory',
        `this file configures the inventory plugin "${data.plugin}", which cannot be run here`,
        {
          position: locate(data, 'plugin', 'key') ?? start,
          hint: 'use an inventory script that answers --list instead',
        },
      ),
    ]);
  }
  const reader = new GroupReader(file, graph, locate);
  for (const [name, group] of Object.entries(data)) reader.group(name, group, data);
  if (reader.errors.length > 0) throw new ErrorList(reader.errors);
}

class GroupReader {
  readonly errors: CutoverError[] = [];
  private readonly file: string;
  private readonly graph: InventoryGraph;
  private readonly locate: Locate;

  constructor(file: string, graph: InventoryGraph, locate: Locate) {
    this.file = file;
    this.graph = graph;
    this.locate = locate;
  }

  group(name: string, body: unknown, container: object): void {
    if (!this.isName('group', container, name)) return;
    this.graph.addGroup(name, this.locate(container, name, 'key'));
    if (body === null || body === undefined) return;
    if (!isMapping(body)) {
      this.fail(`the group "${name}" must be a mapping with hosts, vars or children`, container, name);
      return;
    }
    for (const [key, value] of Object.entries(body)) {
      if (!KEYS.includes(key)) {
        const hint =
          didYouMean(key, KEYS) ??
          (name === 'hosts' || name === 'children'
            ? 'look at the indentation'
            : 'a group has hosts, vars and children');
        this.fail(`the group "${name}" has an unknown key "${key}"`, body, key, hint, 'key');
      } else if (value !== null && value !== undefined) this.section(name, key, value, body);
    }
  }

  private section(group: string, key: string, value: unknown, body: object): void {
    const entries = typeof value === 'string' && key !== 'vars' ? { [value]: null } : value;
    if (key === 'children' && Array.isArray(entries)) {
      entries.forEach((child, index) => {
        if (typeof child === 'string')
          this.attempt(() => this.child(group, child, null, entries), entries, index);
        else this.fail(`children of the group "${group}" must be names`, entries, index);
      });
      return;
    }
    if (!isMapping(entries)) {
      const hint =
        key === 'hosts'
          ? 'write each host as a key with a colon behind it: "web1:"'
          : `write "${key}:" with names below it`;
      this.fail(`${key} of the group "${group}" must be a mapping`, body, key, hint);
      return;
    }
    if (key === 'vars') {
      this.attempt(() => this.graph.setGroupVars(group, this.file, this.placed(entries)), body, key);
      return;
    }
    const from = entries === value ? entries : body;
    for (const [name, data] of Object.entries(entries)) {
      const at = from === entries ? name : key;
      if (from === entries && !this.isName(key === 'hosts' ? 'host' : 'group', from, name)) continue;
      if (key === 'hosts') this.attempt(() => this.host(group, name, data, from, at), from, at);
      else this.attempt(() => this.child(group, name, data, from), from, at);
    }
  }

  /** `no` and `on` are booleans in YAML, also as keys; notes an error when a name is one. */
  private isName(kind: 'group' | 'host', container: object, name: string): boolean {
    if (!isMapping(container) || typeof keyOf(container, name) !== 'boolean') return true;
    const word = wordOfKey(container, name);
    this.fail(`the name of a ${kind} is a text, not ${word}`, container, name, 'put quotes around it', 'key');
    return false;
  }

  private child(group: string, name: string, body: unknown, container: object): void {
    this.graph.link(group, name, this.locate(container, name, 'key'));
    this.group(name, body, container);
  }

  private host(group: string, text: string, data: unknown, container: object, key: string): void {
    if (data !== null && data !== undefined && !isMapping(data)) {
      this.fail(`variables of the host "${text}" must be a mapping`, container, key);
      return;
    }
    const { name, port } = splitAddress(text);
    const position = this.locate(container, key, 'key');
    for (const each of expandRanges(name)) {
      const host = this.graph.addHost(each, group, position);
      if (port !== undefined) this.graph.setHostVars(host, this.file, { values: { ansible_port: port } });
      if (isMapping(data) && Object.keys(data).length > 0)
        this.graph.setHostVars(host, this.file, this.placed(data));
    }
  }

  /** Values of the general YAML parser know their own places; those of the other readers get them here, when asked. */
  private placed(values: Record<string, unknown>): PlacedVars {
    if (positionOf(values)) return { values };
    return { values, positions: { get: (name) => this.locate(values, name, 'key') } };
  }

  private attempt(act: () => void, container: object, key: string | number): void {
    try {
      act();
    } catch (thrown) {
      const position = this.locate(container, key, 'key');
      const known = thrown instanceof CutoverError ? thrown : undefined;
      this.errors.push(
        new CutoverError('inventory', (thrown as Error).message, {
          position: known?.position ?? position,
          hint: known?.hint,
        }),
      );
    }
  }

  private fail(
    message: string,
    container: object,
    key: string | number,
    hint?: string,
    part: 'key' | 'value' = 'value',
  ): void {
    this.errors.push(
      new CutoverError('inventory', message, { position: this.locate(container, key, part), hint }),
    );
  }
}
