/** Children that a task writes as YAML or as XML. */
import { XmlCData, XmlComment, XmlElement, type XmlNode, XmlText } from 'libxml2-wasm';
import { isMapping } from '../../values/index.ts';
import { assertText, isAttribute, parseXml, setText, XmlFault } from './document.ts';
import { addElement, nameOf, type Place, setAttribute } from './names.ts';

/** Adds the children at their place, and gives them. Throws XmlFault. */
export function addChildren(place: Place, children: readonly unknown[], type: 'xml' | 'yaml'): XmlElement[] {
  return children.map((child) => (type === 'yaml' ? addYaml(place, child) : addXml(place, child)));
}

function addYaml(place: Place, child: unknown): XmlElement {
  if (typeof child === 'string') return addElement(place, nameOf(child));
  if (!isMapping(child))
    throw new XmlFault(`Invalid child type: ${kindOf(child)}. Children must be either strings or hashes.`);
  const [[name, value] = ['', null], ...more] = Object.entries(child);
  if (more.length > 0 || name === '') throw new XmlFault('Can only create children from hashes with one key');
  const made = addElement(place, nameOf(name));
  if (typeof value === 'string') setText(made, value);
  else if (isMapping(value)) fill(made, value);
  else if (value !== null) throw new XmlFault(notText(`the value of ${name}`, value));
  return made;
}

/** Attributes, and children under `_`. */
function fill(element: XmlElement, parts: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(parts)) {
    if (name === '_') continue;
    if (typeof value !== 'string') throw new XmlFault(notText(`the attribute ${name}`, value));
    setAttribute(element, nameOf(name), value);
  }
  const { _: children = [] } = parts;
  if (!Array.isArray(children))
    throw new XmlFault(`Invalid children type: ${kindOf(children)}, must be list.`);
  addChildren({ into: element }, children, 'yaml');
}

const notText = (what: string, value: unknown) =>
  `${what} must be a text, not ${kindOf(value)}: put it into quotes`;

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return isMapping(value) ? 'a mapping' : `a ${typeof value}`;
}

function addXml(place: Place, child: unknown): XmlElement {
  if (typeof child !== 'string')
    throw new XmlFault(`Invalid child type: ${kindOf(child)}, must be a text of XML.`);
  let fragment: ReturnType<typeof parseXml>;
  try {
    fragment = parseXml(Buffer.from(child), { name: '<string>', blanks: true, cdata: true });
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    throw new XmlFault(`Error while parsing child element: ${error.message}`);
  }
  try {
    return copyElement(place, fragment.root);
  } finally {
    fragment.dispose();
  }
}

/** The library moves no nodes between documents: they are made anew. */
function copyElement(place: Place, original: XmlElement): XmlElement {
  const made = addElement(place, { uri: '', local: original.name });
  const around = place.into.namespaces;
  for (const [prefix, uri] of Object.entries(original.nsDeclarations))
    if (around[prefix] !== uri) made.addNsDeclaration(uri, prefix === '' ? undefined : prefix);
  if (original.namespaceUri !== '') made.namespacePrefix = original.namespacePrefix;
  for (const attribute of original.attrs)
    if (isAttribute(attribute))
      made.setAttr(attribute.name, attribute.value, attribute.namespacePrefix || undefined);
  for (const node of original.eval('node()') as XmlNode[]) copyInto(made, node);
  return made;
}

function copyInto(made: XmlElement, node: XmlNode): void {
  if (node instanceof XmlElement) copyElement({ into: made }, node);
  else if (node instanceof XmlText) made.addText(assertText(node.content));
  else if (node instanceof XmlCData) made.addCData(node.content);
  else if (node instanceof XmlComment) made.addComment(node.content);
  else throw new XmlFault('children cannot hold processing instructions');
}
