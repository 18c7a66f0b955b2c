import { expect, it } from 'vitest';
import { putBackPasswords } from '../../../../src/adapters/infra/libvirt/graphics-passwords.ts';
import { formatXmlTree, parseXmlTree } from '../../../../src/adapters/infra/libvirt/xml-tree.ts';
import { domainXml } from './example-domain.ts';

const after = (devices: string, setAside: string) => {
  const domain = parseXmlTree(domainXml({ devices }));
  putBackPasswords(domain, parseXmlTree(domainXml({ devices: setAside })));
  return formatXmlTree(domain);
};

it('gives a console the password back that the journal never had', () => {
  const console = "<graphics type='vnc' port='-1'/><graphics type='spice'/>";
  const setAside = "<graphics type='vnc' passwd='a&amp;b' port='1'/><graphics type='spice'/>";
  expect(after(console, setAside)).toContain(
    '<graphics type="vnc" port="-1" passwd="a&amp;b"/><graphics type="spice"/>',
  );
});

it('gives none to a console of another kind', () => {
  const made = after("<graphics type='spice'/>", "<graphics type='vnc' passwd='secret'/>");
  expect(made).not.toContain('secret');
});
