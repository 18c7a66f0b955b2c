import { describe, expect, it } from 'vitest';
import { parseTsigKey } from '../../../../src/adapters/infra/dns/tsig-key.ts';

const SECRET = 'm0FX//8Hq3a+mKqL3uXv5w==';

describe('a key file', () => {
  it.each([
    `key "bot" {\n\talgorithm hmac-sha256;\n\tsecret "${SECRET}";\n};\n`,
    `// made by hand\n# twice\nkey Bot. { algorithm HMAC-SHA256; secret ${SECRET}; };`,
    `key "bot." { algorithm "hmac-sha256."; secret "${SECRET}"; }`,
  ])('is read as tsig-keygen and people write it: %j', (text) => {
    expect(parseTsigKey(text)).toEqual({
      name: 'bot',
      algorithm: 'hmac-sha256',
      secret: Buffer.from(SECRET, 'base64'),
    });
  });

  it('knows MD5 by the name that signatures have it by', () => {
    const { algorithm } = parseTsigKey(`key a { algorithm hmac-md5; secret "${SECRET}"; };`);
    expect(algorithm).toBe('hmac-md5.sig-alg.reg.int');
  });

  it.each([
    ['', 'expected one key such as tsig-keygen writes'],
    [`key a { secret "${SECRET}"; };`, 'expected one key'],
    [`key a { algorithm hmac-sha256; secret "not base64!"; };`, 'expected one key'],
    [
      `key a { algorithm hmac-sha3; secret "${SECRET}"; };`,
      'the algorithm hmac-sha3 is not one of',
    ],
    [`key a..b { algorithm hmac-sha256; secret "${SECRET}"; };`, 'no DNS name'],
  ])('%j is refused, and its secret is not said', (text, because) => {
    expect(() => parseTsigKey(text)).toThrow(because);
    expect(() => parseTsigKey(text)).not.toThrow(SECRET);
  });
});
