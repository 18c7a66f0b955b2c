/**
 * A distinguished name (RFC 4514) in the one form that names are compared by: without case, without spaces that mean
 * nothing, and without the several ways to escape. Undefined for what is none.
 */
export function normalDn(text: string): string | undefined {
  const parts = splitOutside(text, ',').map(normalRdn);
  return text.trim() === '' || parts.some((part) => part === undefined)
    ? undefined
    : parts.join(',');
}

/** Whether a name is the other one, or stands under it. Both are normal. */
export function isWithin(dn: string, base: string): boolean {
  return dn === base || dn.endsWith(`,${base}`);
}

function normalRdn(rdn: string): string | undefined {
  const pairs = splitOutside(rdn, '+').map(normalPair);
  return pairs.includes(undefined) ? undefined : pairs.sort().join('+');
}

function normalPair(pair: string): string | undefined {
  const [, type, value] = /^\s*([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)\s*=(.*)$/s.exec(pair) ?? [];
  const plain = value === undefined ? undefined : unescaped(trimmed(value));
  if (type === undefined || plain === undefined || plain === '') return undefined;
  const words = plain.toLowerCase().replace(/ +/g, ' ').trim();
  return `${type.toLowerCase()}=${words.replace(/[\\,+=]/g, (sign) => `\\${sign}`)}`;
}

/** A space that is escaped belongs to the value. */
function trimmed(value: string): string {
  const end = /(?:\\.|[^\\])*?(?=\s*$)/s.exec(value.trimStart());
  return end?.[0] ?? '';
}

/** Undefined where a sign stands that has to be escaped, or an escape that is none. */
function unescaped(value: string): string | undefined {
  const bytes: Buffer[] = [];
  let rest = value;
  while (rest !== '') {
    const [whole, hex, sign, plain] =
      /^(?:\\([0-9A-Fa-f]{2})|\\([ "#+,;<=>\\])|([^\\";<>\0]))/su.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    bytes.push(hex === undefined ? Buffer.from(sign ?? plain ?? '') : Buffer.from(hex, 'hex'));
    rest = rest.slice(whole.length);
  }
  return Buffer.concat(bytes).toString('utf8');
}

function splitOutside(text: string, separator: string): string[] {
  const parts = [''];
  for (const [token] of text.matchAll(/\\.|[^\\]|\\$/gs)) {
    if (token === separator) parts.push('');
    else parts.push(`${parts.pop()}${token}`);
  }
  return parts;
}
