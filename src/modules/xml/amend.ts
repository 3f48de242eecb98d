/** What a task does with a document, from bytes to text. */
import type { XmlDocument, XmlElement, XmlNode, XmlTreeNode } from 'libxml2-wasm';
import { addChildren } from './children.ts';
import {
  childrenOf,
  type Found,
  find,
  isAttribute,
  isElement,
  parseXml,
  printNode,
  printXml,
  removeWithTail,
  setText,
  textOf,
  XmlFault,
} from './document.ts';
import { areNodes, ensure } from './ensure.ts';
import { attributeOf, nameOf, setAttribute } from './names.ts';
import type { Wish } from './params.ts';

/** What came of it. */
export type Amended =
  | { readonly failed: string }
  | {
      readonly changed: boolean;
      /** The document as it is written then. */
      readonly text: string;
      /** Before and after, each element in a line where it may be. */
      readonly before: string;
      readonly after: string;
      readonly result: Readonly<Record<string, unknown>>;
    };

/** Carries out what a task asks of a document. */
export function amend(bytes: Uint8Array, wish: Wish): Amended {
  const name = wish.path === undefined ? '<string>' : wish.path.replace(/^.*\//, '');
  let document: XmlDocument | undefined;
  try {
    document = read(bytes, name, wish);
    const before = printXml(document, true);
    const { changed, ...result } = act(document, bytes, wish);
    const after = printXml(document, true);
    const text = wish.pretty_print ? after : printXml(document, false);
    return { changed, text, before, after, result };
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    return { failed: error.message };
  } finally {
    document?.dispose();
  }
}

function read(bytes: Uint8Array, name: string, wish: Wish): XmlDocument {
  try {
    return parseXml(bytes, { name, blanks: !wish.pretty_print, cdata: !wish.strip_cdata_tags });
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    throw new XmlFault(`Error while parsing document: ${wish.path ?? 'xml_string'} (${error.message})`);
  }
}

interface Acted {
  readonly changed: boolean;
  readonly [key: string]: unknown;
}

function act(document: XmlDocument, bytes: Uint8Array, wish: Wish): Acted {
  const { xpath, state } = wish;
  const namespaces = wish.namespaces as Readonly<Record<string, string>>;
  if (xpath === undefined) {
    if (!wish.pretty_print) throw new XmlFault("Don't know what to do");
    return { changed: printXml(document, true) !== Buffer.from(bytes).toString() };
  }
  const found = find(document, xpath, namespaces);
  const told = tell(found, xpath, wish);
  if (told) return { actions: { xpath, namespaces, state }, changed: false, ...told };
  return { actions: { xpath, namespaces, state }, changed: change(document, found, xpath, wish) };
}

/** What is only asked. */
function tell(found: Found, xpath: string, wish: Wish): Record<string, unknown> | undefined {
  const { content, count, print_match } = wish;
  if (content === undefined && !count && !print_match) return undefined;
  if (!Array.isArray(found)) throw new XmlFault(`Xpath ${xpath} gives no nodes, but a ${typeof found}`);
  if (count) return { count: found.length, msg: `found ${found.length} nodes` };
  if (print_match) {
    const places = found.map((node) => JSON.stringify(placeOf(node)));
    return { matches: [], msg: `selector '${xpath}' match: [${places.join(', ')}]` };
  }
  const elements = found.filter(isElement);
  if (elements.length === 0 || !areNodes(found)) throw notANode(xpath);
  const matches = elements.map((element) => ({
    [tagOf(element)]:
      content === 'text'
        ? (textOf(element) ?? null)
        : Object.fromEntries(element.attrs.map((attr) => [tagOf(attr), attr.value])),
  }));
  return { matches, msg: matches.length, count: matches.length };
}

const notANode = (xpath: string) => new XmlFault(`Xpath ${xpath} does not reference a node!`);

/** A name in James Clark's notation. */
function tagOf({ name, namespaceUri }: { readonly name: string; readonly namespaceUri: string }): string {
  return namespaceUri === '' ? name : `{${namespaceUri}}${name}`;
}

/** `/a/b[2]`: where a node stands. */
function placeOf(node: XmlNode): string {
  if (!isElement(node)) throw new XmlFault('print_match takes elements only');
  const name = String(node.eval('name()'));
  const word = node.namespaceUri !== '' && node.namespacePrefix === '' ? '*' : name;
  const same = (axis: string) =>
    (node.eval(`${axis}::*`) as XmlElement[]).filter(
      (other) => word === '*' || (other.name === node.name && other.namespaceUri === node.namespaceUri),
    ).length;
  const [before, behind] = [same('preceding-sibling'), same('following-sibling')];
  const number = before + behind > 0 ? `[${before + 1}]` : '';
  return `${node.parent === null ? '' : placeOf(node.parent)}/${word}${number}`;
}

function change(document: XmlDocument, found: Found, xpath: string, wish: Wish): boolean {
  if (wish.state === 'absent') return remove(found, xpath);
  if (wish.set_children !== undefined)
    return elementsOf(found)
      .reverse()
      .map((element) => setChildren(element, wish.set_children!, wish.input_type))
      .includes(true);
  if (wish.add_children !== undefined) return add(elementsOf(found), wish.add_children, wish);
  const namespaces = wish.namespaces as Readonly<Record<string, string>>;
  const { nodes, changed: made } = ensure(document, xpath, namespaces);
  if (wish.value === undefined || wish.value === null) return made;
  if (nodes === undefined) throw notANode(xpath);
  return setValue(nodes.filter(isElement), wish, namespaces) || made;
}

const elementsOf = (found: Found): XmlElement[] => (Array.isArray(found) ? found.filter(isElement) : []);

/** From the last to the first: what is in another one goes before it. */
function remove(found: Found, xpath: string): boolean {
  if (!Array.isArray(found)) throw new XmlFault(`Couldn't delete xpath target: ${xpath} (it is no node)`);
  for (const node of found.toReversed()) {
    if (isElement(node) && node.parent === null)
      throw new XmlFault(`Couldn't delete xpath target: ${xpath} (it is the outermost element)`);
    if (!isAttribute(node) && !areNodes([node]))
      throw new XmlFault(`Couldn't delete xpath target: ${xpath} (it is no element or attribute)`);
    removeWithTail(node);
  }
  return found.length > 0;
}

function setValue(
  elements: readonly XmlElement[],
  wish: Wish,
  namespaces: Readonly<Record<string, string>>,
): boolean {
  const value = String(wish.value);
  const name = wish.attribute === undefined ? undefined : nameOf(wish.attribute, namespaces);
  const differing = elements.filter(
    (element) => (name ? attributeOf(element, name) : (textOf(element) ?? '')) !== value,
  );
  for (const element of differing) {
    if (name) setAttribute(element, name, value);
    else setText(element, value);
  }
  return differing.length > 0;
}

/** Adds children to the last of the nodes, before the first or behind the last. */
function add(nodes: readonly XmlElement[], children: readonly unknown[], wish: Wish): boolean {
  const [first, last] = [nodes[0], nodes.at(-1)];
  if (first === undefined || last === undefined) return false;
  const beside = wish.insertbefore ? first : wish.insertafter ? last : undefined;
  if (beside === undefined) return addChildren({ into: last }, children, wish.input_type).length > 0;
  if (beside.parent === null) throw new XmlFault('nothing can stand beside the outermost element');
  const before = wish.insertbefore ? first : nextOf(last);
  return addChildren({ into: beside.parent, before }, children, wish.input_type).length > 0;
}

/** What stands behind a node and the text that follows it. */
function nextOf(node: XmlNode): XmlTreeNode | undefined {
  const [next] = node.eval('following-sibling::node()[self::* or self::comment()][1]') as XmlTreeNode[];
  return next;
}

/** Gives the element exactly these children: they are made behind the old ones, and compared as they are written. */
function setChildren(element: XmlElement, children: readonly unknown[], type: 'xml' | 'yaml'): boolean {
  const old = childrenOf(element);
  const made = addChildren({ into: element }, children, type);
  const print = (nodes: readonly XmlNode[]) => nodes.map((node) => printNode(node));
  const same = JSON.stringify(print(old)) === JSON.stringify(print(made));
  for (const node of same ? made : old) removeWithTail(node);
  return !same;
}
