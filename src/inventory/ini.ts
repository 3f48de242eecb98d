import { splitWords, type Word } from '../config/index.ts';
import { CutoverError, didYouMean, ErrorList, type SourcePosition } from '../errors/index.ts';
import { put } from '../values/index.ts';
import type { InventoryGraph } from './graph.ts';
import { expandRanges, splitAddress } from './host-names.ts';
import { pythonLiteral } from './python-literal.ts';
import type { SourceText } from './source-text.ts';

const HEADER = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/;
const KINDS = ['hosts', 'vars', 'children'];

/** A group that was referred to before its own section. */
interface Forward {
  readonly parents: string[];
  readonly position: SourcePosition;
  readonly message: string;
}

/**
 * Reads an inventory in Ansible's INI form into the graph
 * (https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html).
 * Throws ErrorList with every error of the file.
 */
export function readIni(source: SourceText, graph: InventoryGraph): void {
  new IniReader(source, graph).read();
}

class IniReader {
  private readonly source: SourceText;
  private readonly graph: InventoryGraph;
  private readonly errors: CutoverError[] = [];
  private readonly promised = new Map<string, Forward>();
  private readonly declared: Set<string>;
  private group = 'ungrouped';
  private kind = 'hosts';

  constructor(source: SourceText, graph: InventoryGraph) {
    this.source = source;
    this.graph = graph;
    this.declared = new Set(graph.groups.keys());
  }

  read(): void {
    this.source.text.split(/\r?\n/).forEach((raw, index) => {
      const line = raw.trim();
      if (line === '' || line.startsWith('#') || line.startsWith(';')) return;
      const at = { file: this.source.file, line: index + 1, column: raw.length - raw.trimStart().length + 1 };
      try {
        if (line.startsWith('[')) this.headerOrHost(line, at);
        else this.entry(line, at);
      } catch (thrown) {
        this.errors.push(
          thrown instanceof CutoverError
            ? thrown
            : new CutoverError('inventory', (thrown as Error).message, { position: at }),
        );
      }
    });
    for (const [name, { position, message }] of this.promised)
      this.fail(message, position, didYouMean(name, this.declared) ?? `add a section [${name}]`);
    if (this.errors.length > 0) throw new ErrorList(this.errors);
  }

  private headerOrHost(line: string, at: SourcePosition): void {
    const header = HEADER.exec(line);
    if (!header) {
      // A host line may start with a range or an IPv6 address in brackets.
      if (this.kind === 'hosts' && /^\[[^\]\s]*:[^\]\s]*\]/.test(line)) this.entry(line, at);
      else
        this.fail(
          `"${line}" is not a section`,
          at,
          'a section is [group], [group:vars] or [group:children] alone on its line',
        );
      return;
    }
    this.group = header[1]!;
    this.kind = header[2] ?? 'hosts';
    if (!KINDS.includes(this.kind)) {
      this.fail(
        `the section [${this.group}:${this.kind}] has an unknown kind`,
        at,
        didYouMean(this.kind, KINDS) ?? 'known are vars and children',
      );
      this.kind = 'skip';
      return;
    }
    if (this.kind === 'vars' && !this.declared.has(this.group)) {
      this.promise(
        this.group,
        undefined,
        at,
        `[${this.group}:vars] is for the group "${this.group}", which does not exist`,
      );
    } else if (this.kind !== 'vars') this.begin(this.group, at);
  }

  private begin(group: string, at: SourcePosition): void {
    this.graph.addGroup(group, at);
    this.declared.add(group);
    const promise = this.promised.get(group);
    if (!promise) return;
    this.promised.delete(group);
    for (const parent of promise.parents) this.graph.link(parent, group, promise.position);
  }

  private promise(
    group: string,
    parent: string | undefined,
    position: SourcePosition,
    message: string,
  ): void {
    const promise = this.promised.get(group) ?? { parents: [], position, message };
    if (parent !== undefined) promise.parents.push(parent);
    this.promised.set(group, promise);
  }

  private entry(line: string, at: SourcePosition): void {
    if (this.kind === 'hosts') this.hostLine(line, at);
    else if (this.kind === 'vars') this.varLine(line, at);
    else if (this.kind === 'children') this.childLine(line, at);
  }

  private hostLine(line: string, at: SourcePosition): void {
    const [first, ...rest] = splitWords(line, { firstColumn: at.column });
    if (!first) return;
    const { name, port } = splitAddress(first.text);
    const values: Record<string, unknown> = {};
    const positions = new Map<string, SourcePosition>();
    if (port !== undefined) values.ansible_port = port;
    for (const word of rest) {
      const position = { ...at, column: word.column };
      const split = word.text.indexOf('=');
      if (split < 1) this.fail(this.strayWord(word, first), position, strayHint(word));
      else {
        put(values, word.text.slice(0, split), pythonLiteral(word.text.slice(split + 1)));
        positions.set(word.text.slice(0, split), position);
      }
    }
    const hasVars = port !== undefined || positions.size > 0;
    const names = expandRanges(name);
    if (names.length === 0) this.fail(`"${name}" names no host: the range is empty`, at);
    for (const each of names) {
      const host = this.graph.addHost(each, this.group, at);
      if (hasVars) this.graph.setHostVars(host, this.source.file, { values, positions });
    }
  }

  private strayWord(word: Word, host: Word): string {
    return `after the host "${host.text}" only key=value may follow, not "${word.text}"`;
  }

  private varLine(line: string, at: SourcePosition): void {
    const split = line.indexOf('=');
    const name = line.slice(0, split).trim();
    if (split < 0 || name === '') {
      this.fail(
        `"${line}" is not key=value`,
        at,
        line.includes(': ') ? 'write key=value in an INI inventory' : undefined,
      );
      return;
    }
    const values: Record<string, unknown> = {};
    put(values, name, pythonLiteral(line.slice(split + 1).trim()));
    this.graph.setGroupVars(this.group, this.source.file, { values, positions: new Map([[name, at]]) });
  }

  private childLine(line: string, at: SourcePosition): void {
    const name = /^([^:\]\s]+)\s*(?:#.*)?$/.exec(line)?.[1];
    if (name === undefined) this.fail(`"${line}" is not the name of a group`, at);
    else if (this.declared.has(name)) this.graph.link(this.group, name, at);
    else
      this.promise(
        name,
        this.group,
        at,
        `[${this.group}:children] names the group "${name}", which does not exist`,
      );
  }

  private fail(message: string, position: SourcePosition, hint?: string): void {
    this.errors.push(new CutoverError('inventory', message, { position, hint }));
  }
}

function strayHint(word: Word): string {
  return word.text.endsWith(':')
    ? 'a YAML inventory needs a name that ends in .yml'
    : 'a value with blanks needs quotes around it, and there are no blanks around "="';
}
