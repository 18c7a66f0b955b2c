import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attributeOf,
  element,
  findElement,
  formatXmlTree,
  insideOf,
  parseXmlTree,
  textOf,
} from '../../../../src/adapters/infra/libvirt/xml-tree.ts';
import { domainXml } from './example-domain.ts';

describe('the tree of an XML document', () => {
  it('comes out as it went in, but for the quotes around attributes', () => {
    const xml = domainXml();
    const inDoubleQuotes = xml.replaceAll(/='([^']*)'/g, '="$1"');
    expect(formatXmlTree(parseXmlTree(xml)).trim()).toBe(inDoubleQuotes.trim());
  });

  it('keeps comments, empty attributes and whatever it does not know', () => {
    const xml = '<a><!-- b --><q:c xmlns:q="urn:x" d=""/>text &lt; <![CDATA[<raw>]]></a>';
    expect(formatXmlTree(parseXmlTree(xml)).trim()).toBe(xml);
  });

  it('takes a double quote out of an attribute in single quotes and writes it safely', () => {
    const tree = parseXmlTree(`<a b='say "hi"'/>`);
    expect(attributeOf(tree, 'b')).toBe('say "hi"');
    expect(formatXmlTree(tree).trim()).toBe('<a b="say &quot;hi&quot;"/>');
  });

  it('writes every text of ours into an attribute and reads it back', () => {
    // What XML has no way to write is refused; a line end in an attribute is read as a space.
    const text = fc
      .string({ unit: 'grapheme' })
      .filter((each) => !/[^ -\u{d7ff}\u{10000}-\u{10ffff}]/u.test(each));
    fc.assert(
      fc.property(text, (value) => {
        const tree = parseXmlTree(formatXmlTree(element('a', { b: value }, [element('c')])));
        expect(attributeOf(tree, 'b')).toBe(value);
        expect(insideOf(tree)).toHaveLength(1);
      }),
    );
  });

  it('finds elements along a path, and their text', () => {
    const domain = parseXmlTree(domainXml());
    expect(textOf(findElement(domain, 'description'))).toBe("Ana's builder & <nobody> else's");
    expect(attributeOf(findElement(domain, 'os', 'type'), 'machine')).toBe('pc-q35-7.2');
    expect(findElement(domain, 'os', 'nvram')).toBeUndefined();
  });

  it.each([
    ['', 'Start tag expected'],
    ['<a>', 'closed'],
    ['<a/><b/>', 'root'],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'it brings a DOCTYPE'],
  ])('refuses %j', (xml, because) => {
    expect(() => parseXmlTree(xml)).toThrow(because);
  });
});
