/** Which variables a template reads, and which texts stand in it, without evaluating it. */
import { GLOBALS } from './globals/index.ts';
import { readHeader } from './header.ts';
import { Cursor } from './parse/cursor.ts';
import { parseTuple } from './parse/expression.ts';
import { PLAYBOOK_SYNTAX } from './parse/syntax.ts';
import { parseTemplate } from './parse/template.ts';
import { readTokens } from './parse/tokens.ts';
import { answersForUndefined } from './run.ts';

/** The variables that a template or expression reads from outside. */
export interface NamesUsed {
  readonly names: ReadonlySet<string>;
  /** Those whose absence it provides for: tested with `is defined` or what something undefined is not, or given a `default`. */
  readonly optional: ReadonlySet<string>;
  /** The texts that it writes out. */
  readonly texts: ReadonlySet<string>;
  /** Whether it asks a lookup for something. */
  readonly looksUp: boolean;
}

/** Names that a template has by itself in some of its places. */
const INNER = ['loop', 'self', 'super', 'caller', 'varargs', 'kwargs', 'omit', 'true', 'false', 'none'];

const LOOKUPS = ['lookup', 'query', 'q'];

const NOTHING: NamesUsed = { names: new Set(), optional: new Set(), texts: new Set(), looksUp: false };

/**
 * Gives the variables that a text (`text`), a bare expression, or a template file reads. What the template itself binds (loop
 * variables, `set`, macros) is left out, wherever it binds it. A text that cannot be parsed reads nothing: `check` tells why.
 */
export function namesUsed(text: string, as: 'text' | 'expression' | 'file'): NamesUsed {
  if (as === 'text' && !/\{[{%]/.test(text)) return NOTHING;
  const key = `${as} ${text}`;
  const known = READ.get(key);
  if (known !== undefined) return known;
  if (READ.size >= MOST_READ) READ.clear();
  const used = readNames(text, as);
  READ.set(key, used);
  return used;
}

/** What was read before: the items of a loop ask for the same texts again and again. */
const READ = new Map<string, NamesUsed>();
const MOST_READ = 5000;

function readNames(text: string, as: 'text' | 'expression' | 'file'): NamesUsed {
  const found = new Finder();
  try {
    found.visit(parsed(text, as));
  } catch {
    return NOTHING;
  }
  const names = [...found.used].filter(
    (name) => !found.bound.has(name) && !INNER.includes(name) && !Object.hasOwn(GLOBALS, name),
  );
  const looksUp = LOOKUPS.some((name) => found.used.has(name) && !found.bound.has(name));
  return { names: new Set(names), optional: found.optional, texts: found.texts, looksUp };
}

function parsed(text: string, as: 'text' | 'expression' | 'file'): unknown {
  if (as === 'expression') {
    const cursor = new Cursor(readTokens(text, 0, undefined, false)!.tokens);
    const node = parseTuple(cursor);
    cursor.expectEnd();
    return node;
  }
  const normal = text.replace(/\r\n?/g, '\n');
  if (as === 'text') return parseTemplate(normal, PLAYBOOK_SYNTAX);
  const { body, syntax } = readHeader(normal, { ...PLAYBOOK_SYNTAX, verbatimBackslashes: false });
  return parseTemplate(body, syntax);
}

type Node = Readonly<Record<string, unknown>>;

/** Collects over a tree of statements and expressions, whose nodes all have a `kind`. */
class Finder {
  readonly used = new Set<string>();
  readonly bound = new Set<string>();
  readonly optional = new Set<string>();
  readonly texts = new Set<string>();

  visit(part: unknown): void {
    if (Array.isArray(part)) for (const one of part) this.visit(one);
    else if (typeof part === 'object' && part !== null) this.node(part as Node);
  }

  private node(node: Node): void {
    switch (node.kind) {
      case 'constant':
        if (typeof node.value === 'string') this.texts.add(node.value);
        return;
      case 'name':
        this.used.add(String(node.name));
        return;
      case 'for':
      case 'set':
      case 'capture':
        this.bind(node.target);
        break;
      case 'with':
        for (const { target } of node.bindings as readonly Node[]) this.bind(target);
        this.visit((node.bindings as readonly Node[]).map(({ value }) => value));
        this.visit(node.body);
        return;
      case 'macro':
        this.bound.add(String(node.name));
        this.parameters(node);
        break;
      case 'callblock':
        this.parameters(node);
        break;
      case 'import':
        this.bound.add(String(node.alias));
        break;
      case 'from':
        for (const { alias } of node.names as readonly Node[]) this.bound.add(String(alias));
        this.visit(node.template);
        return;
      case 'test':
        if (answersForUndefined(String(node.name))) this.provide(node.target);
        break;
      case 'filter':
        if (['default', 'd'].includes(String(node.name))) this.provide(node.target);
        break;
    }
    const assigns = ['for', 'set', 'capture'].includes(String(node.kind));
    for (const [key, value] of Object.entries(node)) if (!(assigns && key === 'target')) this.visit(value);
  }

  private parameters(node: Node): void {
    for (const { name } of node.parameters as readonly Node[]) this.bound.add(String(name));
  }

  private bind(target: unknown): void {
    const { kind, name, items } = target as Node;
    if (kind === 'name') this.bound.add(String(name));
    if (kind === 'tuple') for (const item of items as readonly unknown[]) this.bind(item);
  }

  /** `a.b[0] is defined` provides for the absence of `a`. */
  private provide(target: unknown): void {
    let inner = target as Node | undefined;
    while (inner && ['attribute', 'item', 'slice', 'filter', 'call'].includes(String(inner.kind)))
      inner = inner.target as Node | undefined;
    if (inner?.kind === 'name') this.optional.add(String(inner.name));
  }
}
