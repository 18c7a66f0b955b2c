import { describe, expect, it } from 'vitest';
import { fillTemplate } from '../../../../src/adapters/web/install-server/fill-template.ts';
import { installerScript } from '../../../../src/adapters/web/install-server/ipxe-script.ts';
import { rateLimit } from '../../../../src/adapters/web/install-server/rate-limit.ts';

const both = '{nonce}{report-url}';
const values = { nonce: 'n', 'report-url': 'http://x/' };

describe('filling a template', () => {
  it.each([
    ['kickstart', "it's $HOME", `'it'\\''s $HOME'`],
    ['kickstart', 'plain@1', 'plain@1'],
    ['autoinstall', 'a: "b" # c', '"a: \\"b\\" # c"'],
    ['preseed', 'http://x/?a=b', 'http://x/?a=b'],
  ] as const)('escapes for %s: %s', (kind, value, escaped) => {
    expect(fillTemplate(`${both} {host}`, kind, { ...values, host: value })).toBe(
      `nhttp://x/ ${escaped}`,
    );
  });

  it('refuses for preseed what it cannot quote', () => {
    const all = { ...values, host: 'a b' };
    expect(() => fillTemplate(`${both}{host}`, 'preseed', all)).toThrow(
      'a value has a sign that debconf has no way to quote',
    );
  });

  it.each(['kickstart', 'preseed', 'autoinstall'] as const)(
    'refuses a line break for %s',
    (kind) => {
      const all = { ...values, host: 'a\nreboot' };
      expect(() => fillTemplate(`${both}{host}`, kind, all)).toThrow('control character');
    },
  );

  it.each(['{nonce}', '{report-url}', ''])('refuses a template that has only %j', (template) => {
    expect(() => fillTemplate(template, 'kickstart', values)).toThrow('it has no {');
  });

  it('knows no names that every object has', () => {
    expect(fillTemplate(`${both} {constructor}`, 'kickstart', values)).toContain('{constructor}');
  });

  it('does not fill in what a value brings', () => {
    const all = { ...values, host: 'a{nonce}' };
    expect(fillTemplate(`${both} {host}`, 'kickstart', all)).toContain("'a{nonce}'");
  });
});

describe('a script for iPXE', () => {
  it.each(['a b', 'a"b', "a'b", '$' + '{x}', 'a||b'])('has no way to say %j', (word) => {
    expect(() => installerScript('http://x/', [word])).toThrow('not a word for iPXE');
  });
});

describe('the limit of requests', () => {
  function limited() {
    let now = 0;
    const limit = rateLimit({ burst: 2, perSecond: 1, monotonic: () => now });
    return { limit, pass: (ms: number) => (now += ms) };
  }

  it('holds for each address alone, and passes with time', () => {
    const { limit, pass } = limited();
    expect([1, 2, 3].map(() => limit.takes('10.0.0.1'))).toEqual([true, true, false]);
    expect(limit.takes('10.0.0.2')).toBe(true);
    pass(1_000);
    expect([1, 2].map(() => limit.takes('10.0.0.1'))).toEqual([true, false]);
  });

  it('counts a wrong guess as more, and not without end', () => {
    const { limit, pass } = limited();
    for (let guess = 0; guess < 100; guess += 1) limit.penalize('10.0.0.1');
    expect(limit.takes('10.0.0.1')).toBe(false);
    pass(3_000);
    expect(limit.takes('10.0.0.1')).toBe(true);
  });

  it('takes all of a network of IPv6 for one, and IPv4 written as IPv6 for what it is', () => {
    const { limit } = limited();
    expect(limit.takes('2001:db8:1:2::1') && limit.takes('2001:db8:1:2::2')).toBe(true);
    expect(limit.takes('2001:db8:1:2::3')).toBe(false);
    expect(limit.takes('::ffff:10.0.0.1') && limit.takes('10.0.0.1')).toBe(true);
    expect(limit.takes('::ffff:10.0.0.1')).toBe(false);
  });
});
