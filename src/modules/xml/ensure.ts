/** Makes what a simple XPath names, as far as it is not there. */
import type { XmlDocument, XmlElement, XmlNode } from 'libxml2-wasm';
import { find, isAttribute, isElement, setText, XmlFault } from './document.ts';
import { addElement, attributeOf, nameOf, setAttribute } from './names.ts';

type Namespaces = Readonly<Record<string, string>>;

/** Gives whether an XPath found nodes, and nothing but nodes. */
export function areNodes(found: unknown): found is readonly XmlNode[] {
  const isNode = (node: XmlNode) => !isAttribute(node) && node.constructor.name !== 'XmlText';
  return Array.isArray(found) && found.length > 0 && found.every(isNode);
}

/** The nodes that an XPath names, found or made. */
interface Ensured {
  /** Undefined for an attribute. */
  readonly nodes: readonly XmlNode[] | undefined;
  readonly changed: boolean;
}

/** Makes it; an attribute is emptied. Throws XmlFault for an XPath that tells no one thing to make. */
export function ensure(document: XmlDocument, xpath: string, namespaces: Namespaces): Ensured {
  const found = find(document, xpath, namespaces);
  if (areNodes(found)) return { nodes: found, changed: false };
  const at = lastSlash(xpath);
  const [parentPath, step] = [xpath.slice(0, Math.max(at, 0)), xpath.slice(at + 1)];
  const attribute = /^@([^\s[\]()'"*@]+)$/.exec(step)?.[1];
  const [, name, predicates] = /^([^\s[\]()'"*@.]+)((?:\[.*\])?)$/s.exec(step) ?? [];
  if (at < 0 || (attribute ?? name) === undefined) throw unclear(xpath);
  if (parentPath === '' || parentPath === '/') throw unclear(parentPath === '' ? xpath : parentPath);
  const above = ensure(document, parentPath, namespaces);
  const parents = (above.nodes ?? []).filter(isElement);
  const parent = parents.at(-1);
  if (parent === undefined) throw unclear(parentPath);
  if (attribute !== undefined) {
    const emptied = emptyAttribute(parents, attribute, namespaces);
    return { nodes: undefined, changed: emptied || above.changed };
  }
  const made = addElement({ into: parent }, nameOf(name!, namespaces));
  for (const condition of conditionsOf(predicates!)) fulfil(made, condition, namespaces);
  return { nodes: [made], changed: true };
}

function unclear(xpath: string): XmlFault {
  return new XmlFault(`Can't process Xpath ${xpath} in order to spawn nodes!`);
}

function emptyAttribute(parents: readonly XmlElement[], written: string, namespaces: Namespaces): boolean {
  const name = nameOf(written, namespaces);
  const differing = parents.filter((parent) => attributeOf(parent, name) !== '');
  for (const parent of differing) setAttribute(parent, name, '');
  return differing.length > 0;
}

/** Makes one condition of a predicate true for a new element. */
function fulfil(made: XmlElement, condition: string, namespaces: Namespaces): void {
  const [, attribute, text, , value] =
    /^(?:@([^\s=]+)|(text\(\)))\s*(?:=\s*(["'])(.*)\3)?$/s.exec(condition) ?? [];
  if (attribute !== undefined) setAttribute(made, nameOf(attribute, namespaces), value ?? '');
  else if (text !== undefined && value !== undefined) setText(made, value);
  else if (/^[^\s[\]()'"*@.=<>!/]+$/.test(condition) && !/^\d/.test(condition))
    addElement({ into: made }, nameOf(condition, namespaces));
  else throw unclear(`./${condition}`);
}

/** The conditions of `[...][... and ...]`. */
function conditionsOf(predicates: string): string[] {
  return parts(predicates.slice(1, -1), /^\]\[|^\s+and\s+/)
    .map((condition) => condition.trim())
    .filter(Boolean);
}

/** Where the last step begins: the last slash that stands in no brackets and quotes. */
function lastSlash(xpath: string): number {
  const steps = parts(xpath, /^\//, true);
  return steps.length < 2 ? -1 : xpath.length - steps.at(-1)!.length - 1;
}

/** Cuts a text where the separator stands in no quotes, and if wanted in no brackets either. */
function parts(text: string, separator: RegExp, brackets = false): string[] {
  const found: string[] = [];
  let [from, depth] = [0, 0];
  for (let at = 0; at < text.length; ) {
    const quoted = /^(?:"[^"]*"|'[^']*')/.exec(text.slice(at))?.[0];
    const cut = depth === 0 && quoted === undefined ? separator.exec(text.slice(at))?.[0] : undefined;
    if (brackets && quoted === undefined) depth += { '[': 1, ']': -1 }[text[at]!] ?? 0;
    if (cut !== undefined) {
      found.push(text.slice(from, at));
      from = at + cut.length;
    }
    at += quoted?.length ?? cut?.length ?? 1;
  }
  return [...found, text.slice(from)];
}
