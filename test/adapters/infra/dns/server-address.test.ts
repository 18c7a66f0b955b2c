import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src/adapters/infra/dns/server-address.ts';

describe('the address of a name server', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1:53'],
    ['192.0.2.1:5300', '192.0.2.1:5300'],
    ['2001:db8::1', '[2001:db8::1]:53'],
    ['[2001:db8::1]:5300', '[2001:db8::1]:5300'],
  ])('%s is %s', (text, whole) => {
    expect(parseAddress(text)?.text).toBe(whole);
  });

  it.each([
    'ns1.example.org',
    '192.0.2.1:0',
    '192.0.2.1:65536',
    '192.0.2.256',
    '[192.0.2.1]:53',
    '',
  ])('%j is none: names are not looked up', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});
