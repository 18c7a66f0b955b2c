import { XmlRpcSyntaxError } from './xml-rpc-value.ts';

// The characters of XML 1.0 (https://www.w3.org/TR/xml/#charsets). With the `u` flag a lone surrogate is
// a character of its own, and is not in this set.
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;
const ENTITY = /&([^;&]{0,10});?/g;
const NUMERIC = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // A parser turns a bare carriage return into a line feed.
  '\r': '&#13;',
};
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** Refuses control characters and lone surrogates: XML has no way to write them. */
export function toXmlText(text: string): string {
  const stranger = NOT_XML.exec(text);
  if (stranger) throw new XmlRpcSyntaxError(`${codePoint(stranger[0])} cannot be sent as XML`);
  return text.replace(/[&<>\r]/g, (character) => ESCAPES[character] ?? character);
}

/** Knows the five entities of XML and numbers; every other entity is refused, so none is ever expanded. */
export function fromXmlText(text: string): string {
  return text.replace(ENTITY, (whole, name: string) => {
    const character = whole.endsWith(';') ? (NAMED[name] ?? numbered(name)) : undefined;
    if (character === undefined) throw new XmlRpcSyntaxError(`unknown entity ${whole}`);
    return character;
  });
}

function numbered(name: string): string | undefined {
  const digits = NUMERIC.exec(name);
  if (!digits) return undefined;
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  if (code > 0x10ffff) return undefined;
  const character = String.fromCodePoint(code);
  return NOT_XML.test(character) ? undefined : character;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
