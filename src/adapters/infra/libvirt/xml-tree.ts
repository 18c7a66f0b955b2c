import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import { fromXmlText, toXmlText } from '../koji/xml-text.ts';

const TEXT = '#text';
const ATTRIBUTES = ':@';
const PREFIX = '@';

/** What the parser keeps of a document, in its order: an element, or the text between two. */
export interface XmlNode {
  [name: string]: XmlNode[] | Record<string, string> | string;
}

// Values stay as they are written, so that what is not edited comes out as it went in.
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: PREFIX,
  attributeValueProcessor: (_name, value) => value.replaceAll('"', '&quot;'),
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  commentPropName: '#comment',
  cdataPropName: '#cdata',
  ignoreDeclaration: true,
  ignorePiTags: true,
});
const builder = new XMLBuilder({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: PREFIX,
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
  processEntities: false,
  commentPropName: '#comment',
  cdataPropName: '#cdata',
});

/** A document that is not what it should be. */
class XmlError extends Error {
  override readonly name = 'XmlError';
}

/** The root element. Refuses what is not well-formed, and documents that bring a DOCTYPE. */
export function parseXmlTree(xml: string): XmlNode {
  if (/<!DOCTYPE/i.test(xml)) throw new XmlError('it brings a DOCTYPE');
  const valid = XMLValidator.validate(xml);
  if (valid !== true) throw new XmlError(valid.err.msg);
  const [root, ...more] = (parser.parse(xml) as XmlNode[]).filter(isElement);
  if (root === undefined || more.length > 0) throw new XmlError('it has not one root element');
  return root;
}

export function formatXmlTree(root: XmlNode): string {
  return `${String(builder.build([root]))}\n`;
}

function nameOf(node: XmlNode): string {
  return Object.keys(node).find((key) => key !== ATTRIBUTES) ?? '';
}

function isElement(node: XmlNode): boolean {
  return !nameOf(node).startsWith('#');
}

/** Everything inside, text too. What is changed in it changes the document. */
export function insideOf(node: XmlNode): XmlNode[] {
  const inside = node[nameOf(node)];
  return Array.isArray(inside) ? inside : [];
}

export function childrenOf(node: XmlNode, name: string): readonly XmlNode[] {
  return insideOf(node).filter((child) => nameOf(child) === name);
}

/** The first element along a path of names. */
export function findElement(node: XmlNode, ...path: readonly string[]): XmlNode | undefined {
  return path.reduce<XmlNode | undefined>(
    (at, name) => at && insideOf(at).find((child) => nameOf(child) === name),
    node,
  );
}

export function attributeOf(node: XmlNode | undefined, name: string): string | undefined {
  const value = attributesOf(node)[PREFIX + name];
  return value === undefined ? undefined : fromXmlText(value);
}

function attributesOf(node: XmlNode | undefined): Record<string, string> {
  return (node?.[ATTRIBUTES] ?? {}) as Record<string, string>;
}

export function setAttribute(node: XmlNode, name: string, value: string): void {
  node[ATTRIBUTES] = { ...attributesOf(node), [PREFIX + name]: escaped(value) };
}

export function textOf(node: XmlNode | undefined): string {
  if (node === undefined) return '';
  return insideOf(node)
    .map((child) => fromXmlText(String(child[TEXT] ?? '')))
    .join('')
    .trim();
}

/** A new element with nothing inside but elements. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  inside: readonly XmlNode[] = [],
): XmlNode {
  const node: XmlNode = { [name]: [...inside] };
  for (const [key, value] of Object.entries(attributes)) setAttribute(node, key, value);
  return node;
}

/** Takes away the elements that are asked for, wherever they are directly inside. */
export function removeChildren(node: XmlNode, isUnwanted: (child: XmlNode) => boolean): void {
  const inside = insideOf(node);
  const wanted = inside.filter((child) => !isElement(child) || !isUnwanted(child));
  inside.splice(0, inside.length, ...wanted);
}

/** The one place where our words become XML. */
function escaped(value: string): string {
  return toXmlText(value).replaceAll('"', '&quot;').replaceAll("'", '&apos;');
}
