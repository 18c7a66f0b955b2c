import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { XmlRpcSyntaxError } from './xml-rpc-value.ts';
import { fromXmlText } from './xml-text.ts';

/** An element with the text directly inside it; comments and attributes are left out. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const TEXT = '#text';
const CDATA = '#cdata';
const parser = new XMLParser({
  preserveOrder: true,
  trimValues: false,
  parseTagValue: false,
  // fromXmlText does it, and knows no entities but XML's own.
  processEntities: false,
  cdataPropName: CDATA,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // A value inside an array costs three.
  maxNestedTags: 200,
});

/** The root element. Refuses documents that bring a DOCTYPE or entities of their own. */
export function parseXml(xml: string): XmlElement {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) throw new XmlRpcSyntaxError('it brings a DOCTYPE');
  const valid = XMLValidator.validate(xml);
  if (valid !== true) throw new XmlRpcSyntaxError(valid.err.msg);
  const roots = elements(parse(xml));
  const [root] = roots;
  if (root === undefined || roots.length > 1) throw new XmlRpcSyntaxError('not one root element');
  return root;
}

// What the parser gives with preserveOrder: objects of one key, the element's name or one of ours.
type ParsedNode = Readonly<Record<string, unknown>>;

function parse(xml: string): readonly ParsedNode[] {
  try {
    return parser.parse(xml) as readonly ParsedNode[];
  } catch (cause) {
    throw new XmlRpcSyntaxError('it cannot be read as XML', { cause });
  }
}

function elements(nodes: readonly ParsedNode[]): readonly XmlElement[] {
  return nodes.flatMap((node) => {
    const [name] = Object.keys(node);
    if (name === undefined || name === TEXT || name === CDATA) return [];
    return [toElement(name, node[name] as readonly ParsedNode[])];
  });
}

function toElement(name: string, inside: readonly ParsedNode[]): XmlElement {
  return { name, children: elements(inside), text: inside.map(textOf).join('') };
}

function textOf(node: ParsedNode): string {
  if (TEXT in node) return fromXmlText(String(node[TEXT]));
  if (!(CDATA in node)) return '';
  return (node[CDATA] as readonly ParsedNode[]).map((each) => String(each[TEXT])).join('');
}
