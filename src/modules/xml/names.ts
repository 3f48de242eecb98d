/** Names with their namespaces: the prefix that a namespace has at an element, or gets. */
import type { XmlAttribute, XmlElement, XmlTreeNode } from 'libxml2-wasm';
import { assertText, XmlFault } from './document.ts';

/** A name in a namespace; none is the empty text. */
export interface Name {
  readonly uri: string;
  readonly local: string;
}

// Names of the XML specification without colons; in the supplementary planes all counts.
const LOCAL = /^[A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\ud7ff\uf900-\ufffd]/;
const WRONG = /[\s!-,/:-@[-^`{-~]/;

/** Reads a name with a prefix of the task (`ns:name`), or one in James Clark's notation (`{uri}name`). Throws XmlFault. */
export function nameOf(written: string, namespaces: Readonly<Record<string, string>> = {}): Name {
  const [, uri = '', word = written] = /^\{([^}]*)\}(.*)$/s.exec(written) ?? [];
  const [, prefix, local = word] = /^([^:]+):(.+)$/s.exec(word) ?? [];
  const space = prefix === undefined ? uri : namespaces[prefix];
  if (!LOCAL.test(local) || WRONG.test(local)) throw new XmlFault(`"${written}" is no name of XML`);
  if (space === undefined)
    throw new XmlFault(`the prefix ${prefix} of "${written}" is not among the namespaces`);
  return { uri: space, local };
}

/** Where new elements go: into an element behind all that is in it, or before one of its children. */
export interface Place {
  readonly into: XmlElement;
  readonly before?: XmlTreeNode | undefined;
}

/** Adds an empty element. What has no namespace is written without a prefix, also where that means the namespace around it. */
export function addElement({ into, before }: Place, { uri, local }: Name): XmlElement {
  const make = (prefix?: string) =>
    before === undefined ? into.addElement(local, prefix) : before.prependElement(local, prefix);
  if (uri === '') return make();
  const known = prefixOf(into, uri);
  if (known !== undefined) return make(known);
  // The library wants the prefix before the element; only the new one shall declare it.
  const prefix = freshPrefix(into);
  const made = make();
  made.addNsDeclaration(uri, prefix);
  made.namespacePrefix = prefix;
  return made;
}

/** Sets an attribute. Throws XmlFault for a value that XML cannot hold. */
export function setAttribute(element: XmlElement, name: Name, value: string): void {
  const text = assertText(value);
  const present = attribute(element, name);
  if (present !== undefined) present.value = text;
  // Without a prefix the library gives it the namespace around it; it is written as it should be all the same.
  else element.setAttr(name.local, text, name.uri === '' ? undefined : attributePrefix(element, name.uri));
}

/** Gives the value of an attribute; undefined when it has none. */
export function attributeOf(element: XmlElement, name: Name): string | undefined {
  return attribute(element, name)?.value;
}

function attribute(element: XmlElement, { uri, local }: Name): XmlAttribute | undefined {
  return element.attrs.find(
    (attr) => attr.name === local && (attr.namespacePrefix === '' ? '' : attr.namespaceUri) === uri,
  );
}

/** Attributes have a namespace only by a prefix. */
function attributePrefix(element: XmlElement, uri: string): string {
  const known = prefixOf(element, uri);
  if (known !== undefined && known !== '') return known;
  const prefix = freshPrefix(element);
  element.addNsDeclaration(uri, prefix);
  return prefix;
}

function prefixOf(element: XmlElement, uri: string): string | undefined {
  return Object.entries(element.namespaces).find(([, known]) => known === uri)?.[0];
}

/** `ns0` or the next that means nothing here, as lxml names them. */
function freshPrefix(element: XmlElement): string {
  const taken = element.namespaces;
  for (let number = 0; ; number++) if (!Object.hasOwn(taken, `ns${number}`)) return `ns${number}`;
}
