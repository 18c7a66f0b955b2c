import { type OpId, OpId as OpIdSchema } from '../../../domain/ids.ts';
import {
  attributeOf,
  element,
  findElement,
  insideOf,
  removeChildren,
  type XmlNode,
} from './xml-tree.ts';

const NAMESPACE = 'urn:signalbox:guest:1';
const NAME = 'signalbox:guest';

/** Says in the definition itself which operation's fresh disk it has (libvirt keeps elements of other namespaces). */
export function markGuest(domain: XmlNode, op: OpId): void {
  const metadata = findElement(domain, 'metadata') ?? newMetadata(domain);
  removeChildren(metadata, isMark);
  insideOf(metadata).push(element(NAME, { 'xmlns:signalbox': NAMESPACE, op }));
}

/** Undefined where there is none of ours. */
export function markOf(domain: XmlNode): OpId | undefined {
  const metadata = findElement(domain, 'metadata');
  const mark = metadata && insideOf(metadata).find(isMark);
  return OpIdSchema.safeParse(attributeOf(mark, 'op')).data;
}

function newMetadata(domain: XmlNode): XmlNode {
  const metadata = element('metadata');
  insideOf(domain).push(metadata);
  return metadata;
}

/** By its namespace: libvirt may give it another prefix. */
function isMark(node: XmlNode): boolean {
  const [name = ''] = Object.keys(node);
  const [prefix, local] = name.split(':');
  return local === 'guest' && attributeOf(node, `xmlns:${prefix}`) === NAMESPACE;
}
