/** YAML as PyYAML writes it with libyaml, which Ansible uses: layout, line width, quoting and anchors. */
import { type Collection, type Node, NodeTree, type YamlLayout } from './yaml-nodes.ts';
import { escapeOf, readsAsText, shapeOf } from './yaml-scalar.ts';

/** Gives a value as a YAML document. */
export function dumpYaml(value: unknown, layout: YamlLayout): string {
  return new Emitter(layout).document(value);
}

class Emitter {
  private readonly layout: YamlLayout;
  private readonly width: number;
  private out = '';
  private column = 0;
  private readonly tree: NodeTree;
  private readonly anchors = new Map<object, string>();
  private readonly written = new Set<object>();

  constructor(layout: YamlLayout) {
    this.layout = { ...layout, indent: layout.indent > 1 && layout.indent < 10 ? layout.indent : 2 };
    this.tree = new NodeTree(this.layout);
    this.width = layout.width > this.layout.indent * 2 ? layout.width : 80;
  }

  document(value: unknown): string {
    const root = this.tree.nodeOf(value, 0);
    if (this.layout.explicitStart) this.put('---');
    if (root.kind === 'scalar') {
      if (this.layout.explicitStart) this.put(' ');
      this.scalar(root, this.layout.indent, false, false);
      this.newLine();
      if (this.layout.explicitEnd) this.put('...\n');
      return this.out;
    }
    const isFlow = root.flow || root.items.length === 0 || this.needsAnchor(root);
    if (this.layout.explicitStart) {
      if (isFlow) this.put(' ');
      else this.newLine();
    }
    this.node(root, -1, 'root');
    this.newLine();
    if (this.layout.explicitEnd) this.put('...\n');
    return this.out;
  }

  private needsAnchor(node: Node): boolean {
    return node.kind !== 'scalar' && this.tree.repeated.has(node.source);
  }

  private put(text: string): void {
    this.out += text;
    const line = text.lastIndexOf('\n');
    this.column = line === -1 ? this.column + Array.from(text).length : text.length - line - 1;
  }

  private newLine(): void {
    if (this.column > 0) this.put('\n');
  }

  /** Starts a line at an indentation. */
  private indentTo(indent: number): void {
    this.put('\n');
    this.put(' '.repeat(Math.max(0, indent)));
  }

  /** Writes the anchor of a collection that comes again, or the alias of one that was written; true for an alias. */
  private anchor(node: Collection): boolean {
    if (!this.tree.repeated.has(node.source)) return false;
    let name = this.anchors.get(node.source);
    if (name === undefined) {
      name = `id${String(this.anchors.size + 1).padStart(3, '0')}`;
      this.anchors.set(node.source, name);
    }
    if (this.written.has(node.source)) {
      this.put(`*${name}`);
      return true;
    }
    this.written.add(node.source);
    this.put(`&${name}`);
    return false;
  }

  /** Writes a node behind what stands before it; `indent` is that of the collection around, -1 for none. */
  private node(node: Node, indent: number, place: 'root' | 'item' | 'value' | 'flow'): void {
    if (node.kind === 'scalar') {
      if (place === 'item' || place === 'value') this.put(' ');
      this.scalar(node, this.inside(indent), place === 'flow', false);
      return;
    }
    const anchored = this.tree.repeated.has(node.source);
    if (anchored) {
      if (place === 'item' || place === 'value') this.put(' ');
      if (this.anchor(node)) return;
    }
    if (place === 'flow' || node.flow || node.items.length === 0) {
      if (place === 'item' || place === 'value' || anchored) this.put(' ');
      this.flow(node, this.inside(indent));
    } else if (node.kind === 'list') {
      this.blockList(node, indent, place, anchored);
    } else {
      this.blockMap(node, indent, place, anchored);
    }
  }

  private inside(indent: number): number {
    return indent < 0 ? this.layout.indent : indent + this.layout.indent;
  }

  private blockList(
    node: Collection,
    indent: number,
    place: 'root' | 'item' | 'value' | 'flow',
    anchored: boolean,
  ): void {
    // A list under a key stands as far left as the key.
    const own = place === 'value' ? Math.max(indent, 0) : indent < 0 ? 0 : indent + this.layout.indent;
    node.items.forEach((item, index) => {
      if (place === 'item' && index === 0 && !anchored) this.put(' '.repeat(this.layout.indent - 1));
      else if (place !== 'root' || index > 0 || anchored) this.indentTo(own);
      this.put('-');
      this.node(item, own, 'item');
    });
  }

  private blockMap(
    node: Collection,
    indent: number,
    place: 'root' | 'item' | 'value' | 'flow',
    anchored: boolean,
  ): void {
    const own = indent < 0 ? 0 : indent + this.layout.indent;
    node.items.forEach((item, index) => {
      if (place === 'item' && index === 0 && !anchored) this.put(' '.repeat(this.layout.indent - 1));
      else if (place !== 'root' || index > 0 || anchored) this.indentTo(own);
      const key = node.keys[index] as Extract<Node, { kind: 'scalar' }>;
      if (this.isSimpleKey(key)) {
        this.scalar(key, this.inside(own), false, true);
        this.put(':');
        this.node(item, own, 'value');
      } else {
        this.put('? ');
        this.scalar(key, this.inside(own), false, false);
        this.indentTo(own);
        this.put(':');
        this.node(item, own, 'item');
      }
    });
  }

  private isSimpleKey(key: Extract<Node, { kind: 'scalar' }>): boolean {
    return (
      Array.from(key.text).length + '!!str'.length < 128 && !shapeOf(key.text, this.layout.unicode).multiline
    );
  }

  private flow(node: Collection, indent: number): void {
    this.put(node.kind === 'list' ? '[' : '{');
    node.items.forEach((item, index) => {
      if (index > 0) this.put(',');
      if (this.column > this.width) this.indentTo(indent);
      else if (index > 0) this.put(' ');
      if (node.kind === 'map') {
        const key = node.keys[index] as Extract<Node, { kind: 'scalar' }>;
        this.flowKey(key, indent);
      }
      this.node(item, indent, 'flow');
    });
    this.put(node.kind === 'list' ? ']' : '}');
  }

  private flowKey(key: Extract<Node, { kind: 'scalar' }>, indent: number): void {
    const isSimple = this.isSimpleKey(key);
    if (!isSimple) this.put('? ');
    this.scalar(key, this.inside(indent), true, isSimple);
    if (!isSimple && this.column > this.width) this.indentTo(indent);
    else if (!isSimple) this.put(' ');
    this.put(': ');
  }

  private scalar(
    node: Extract<Node, { kind: 'scalar' }>,
    indent: number,
    inFlow: boolean,
    isKey: boolean,
  ): void {
    const { text } = node;
    const shape = shapeOf(text, this.layout.unicode);
    const plain = (inFlow ? shape.flowPlain : shape.blockPlain) && (!node.isText || readsAsText(text));
    if (plain && !(isKey && (text === '' || shape.multiline))) {
      this.folded(text, indent, !isKey, false);
    } else if (shape.singleQuoted && !(isKey && shape.multiline)) {
      this.put("'");
      this.folded(text, indent, !isKey, true);
      this.put("'");
    } else {
      this.doubleQuoted(text, indent, !isKey);
    }
  }

  /** Writes words, breaking the line at a single space once it is too long. */
  private folded(text: string, indent: number, split: boolean, quoted: boolean): void {
    const runs = text.match(/ +|[\n\x85\u2028\u2029]+|[^ \n\x85\u2028\u2029]+/g) ?? [];
    runs.forEach((run, index) => {
      if (run[0] === ' ') {
        const isInner = !quoted || (index > 0 && index < runs.length - 1);
        if (run.length === 1 && split && isInner && this.column > this.width) this.indentTo(indent);
        else this.put(run);
      } else if (/[\n\x85\u2028\u2029]/.test(run[0]!)) {
        this.put(run[0] === '\n' ? `\n${run}` : run);
        this.put(' '.repeat(indent));
      } else {
        this.put(quoted ? run.replaceAll("'", "''") : run);
      }
    });
  }

  private doubleQuoted(text: string, indent: number, split: boolean): void {
    const letters = Array.from(text);
    let afterSpace = false;
    this.put('"');
    letters.forEach((character, index) => {
      const isInner = index > 0 && index < letters.length - 1;
      if (character === ' ' && split && !afterSpace && isInner && this.column > this.width) {
        this.indentTo(indent);
        if (letters[index + 1] === ' ') this.put('\\');
      } else {
        this.put(escapeOf(character, this.layout.unicode) ?? character);
      }
      afterSpace = character === ' ';
    });
    this.put('"');
  }
}
