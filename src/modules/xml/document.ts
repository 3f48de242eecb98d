/** XML as libxml2 reads it, finds things in it and writes it: the only file that knows the library. */
import {
  ParseOption,
  XmlAttribute,
  XmlCData,
  XmlComment,
  XmlDocument,
  XmlElement,
  XmlError,
  type XmlNode,
  XmlParseError,
  XmlText,
} from 'libxml2-wasm';

/** Why a document or an XPath cannot be used. */
export class XmlFault extends Error {}

/** What an XPath gave. */
export type Found = readonly XmlNode[] | string | number | boolean;

export const isElement = (node: XmlNode): node is XmlElement => node instanceof XmlElement;
export const isAttribute = (node: XmlNode): node is XmlAttribute => node instanceof XmlAttribute;
const isText = (node: XmlNode): boolean => node instanceof XmlText || node instanceof XmlCData;

/** Reads a document. Entities are put in; nothing outside of it is ever read. Throws XmlFault; `name` is what it calls the document. */
export function parseXml(
  bytes: Uint8Array,
  options: { readonly name: string; readonly blanks: boolean; readonly cdata: boolean },
): XmlDocument {
  let option = ParseOption.XML_PARSE_NOENT | ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE;
  if (!options.blanks) option |= ParseOption.XML_PARSE_NOBLANKS;
  if (!options.cdata) option |= ParseOption.XML_PARSE_NOCDATA;
  try {
    return selfContained(XmlDocument.fromBuffer(bytes, { option }));
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error;
    const [first] = error.details;
    if (first === undefined) throw new XmlFault(error.message.trim());
    const { message, line, col } = first;
    throw new XmlFault(`${message.trim()}, line ${line}, column ${col} (${options.name}, line ${line})`);
  }
}

/** References to entities that lie elsewhere would be gone from what is printed. */
function selfContained(document: XmlDocument): XmlDocument {
  const { text } = doctypeOf(document, document.eval('/node()') as XmlNode[], false);
  if (!/<!ENTITY\s[^>]*\b(?:SYSTEM|PUBLIC)\s/.test(text)) return document;
  document.dispose();
  throw new XmlFault('it names entities that lie outside of it, which are never read');
}

/** Gives what an XPath finds in the document. Throws XmlFault. */
export function find(
  document: XmlDocument,
  xpath: string,
  namespaces: Readonly<Record<string, string>>,
): Found {
  try {
    return document.eval(xpath, namespaces);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    if (error.message.startsWith('Failed to compile'))
      throw new XmlFault(`Syntax error in xpath expression: ${xpath} (Invalid expression)`);
    throw new XmlFault(`Xpath ${xpath} causes a failure: ${error.message.replace(/^.*': /s, '')}`);
  }
}

/** Gives the document as text: with a declaration, and a line for each of its outer nodes when it is formatted, as lxml does. */
export function printXml(document: XmlDocument, format: boolean): string {
  const nodes = document.eval('/node()') as XmlNode[];
  const texts = nodes.map((node) => `${printNode(node, format)}${format ? '\n' : ''}`);
  const doctype = doctypeOf(document, nodes, format);
  return [
    "<?xml version='1.0' encoding='UTF-8'?>\n",
    ...texts.slice(0, doctype.at),
    doctype.text,
    ...texts.slice(doctype.at),
  ].join('');
}

/** Gives one node as text, without what follows it. */
export function printNode(node: XmlNode, format = false): string {
  if (node instanceof XmlElement) return node.toString({ format, noDeclaration: true, encoding: 'utf-8' });
  if (node instanceof XmlComment) return `<!--${node.content}-->`;
  const content = node.content === '' ? '' : ` ${node.content}`;
  return `<?${node.eval('name()')}${content}?>`;
}

/** Gives the DOCTYPE with its line end, and how many nodes stand before it. The library prints it only within the whole document, where every outer node has a line. */
function doctypeOf(
  document: XmlDocument,
  nodes: readonly XmlNode[],
  format: boolean,
): { readonly at: number; readonly text: string } {
  if (document.dtd === null) return { at: 0, text: '' };
  let rest = document.toString({ format, noDeclaration: true });
  const lines = nodes.map((node) => `${printNode(node, format)}\n`);
  const at = lines.findIndex((line) => {
    const stands = rest.startsWith(line);
    if (stands) rest = rest.slice(line.length);
    return !stands;
  });
  const behind = lines.slice(at).reduce((sum, line) => sum + line.length, 0);
  return { at, text: rest.slice(0, rest.length - behind) };
}

/** Gives the texts directly behind a node, as far as the next other node. */
function tailOf(node: XmlNode): XmlNode[] {
  const behind = node.eval('following-sibling::node()') as XmlNode[];
  const end = behind.findIndex((other) => !isText(other));
  return end < 0 ? behind : behind.slice(0, end);
}

/** Takes a node out, with the text behind it. */
export function removeWithTail(node: XmlNode): void {
  for (const text of isAttribute(node) ? [] : tailOf(node)) text.remove();
  node.remove();
}

/** Gives the text in front of the first child; undefined when there is none. */
export function textOf(element: XmlElement): string | undefined {
  const texts = leadingTexts(element);
  return texts.length === 0 ? undefined : texts.map((text) => text.content).join('');
}

/** Sets the text in front of the first child. Throws XmlFault for what XML cannot hold. */
export function setText(element: XmlElement, value: string): void {
  const old = leadingTexts(element);
  const text = assertText(value);
  const first = element.firstChild;
  if (first === null) element.addText(text);
  else first.prependText(text);
  for (const node of old) node.remove();
}

function leadingTexts(element: XmlElement): XmlNode[] {
  const children = element.eval('node()') as XmlNode[];
  const end = children.findIndex((child) => !isText(child));
  return end < 0 ? children : children.slice(0, end);
}

/** Gives the children that are no text. */
export function childrenOf(element: XmlElement): XmlNode[] {
  return (element.eval('node()') as XmlNode[]).filter((child) => !isText(child));
}

/** Gives a text that XML can hold. Throws XmlFault for others. */
export function assertText(value: string): string {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(value))
    throw new XmlFault('XML cannot hold control characters');
  return value;
}
