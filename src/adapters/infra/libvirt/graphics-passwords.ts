import { attributeOf, childrenOf, findElement, setAttribute, type XmlNode } from './xml-tree.ts';

const SECRET = ['passwd', 'passwdValidTo', 'connected'];

/**
 * Passwords of consoles stay out of the journal. They are on the hypervisor, set aside with the definition that had them;
 * without them a console that wanted a password would be open to everybody.
 */
export function putBackPasswords(domain: XmlNode, setAside: XmlNode): void {
  const before = graphicsOf(setAside);
  for (const [place, console] of graphicsOf(domain).entries()) {
    const same = before[place];
    if (attributeOf(same, 'type') !== attributeOf(console, 'type')) continue;
    for (const name of SECRET) {
      const value = attributeOf(same, name);
      if (value !== undefined) setAttribute(console, name, value);
    }
  }
}

function graphicsOf(domain: XmlNode): readonly XmlNode[] {
  const devices = findElement(domain, 'devices');
  return devices === undefined ? [] : childrenOf(devices, 'graphics');
}
