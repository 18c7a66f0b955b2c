import { describe, expect, test } from 'vitest';
import { isWithin, normalDn } from '../../../../src/adapters/directory/ldap/distinguished-name.ts';

describe('a distinguished name', () => {
  test.each([
    ['case', 'CN=Ops,OU=Groups,DC=Example', 'cn=ops,ou=groups,dc=example'],
    ['spaces around', ' cn = ops , ou=groups ,dc=example ', 'cn=ops,ou=groups,dc=example'],
    ['spaces that repeat', 'cn=night   shift,dc=example', 'cn=night shift,dc=example'],
    ['ways to escape', 'cn=a\\2cb\\2B,dc=example', 'cn=a\\,b\\+,dc=example'],
    ['ways to write a letter', 'cn=J\\C3\\BCrg,dc=example', 'cn=jürg,dc=example'],
    ['the order of a compound part', 'uid=1+cn=b,dc=example', 'cn=b+uid=1,dc=example'],
  ])('is the same whatever its %s', (_what, one, other) => {
    expect(normalDn(one)).toBe(normalDn(other));
    expect(normalDn(other)).toBeDefined();
  });

  test.each([
    ['cn=a\\,cn=b,dc=example', 'cn=a,cn=b,dc=example'],
    ['cn=a\\+uid=b,dc=example', 'cn=a+uid=b,dc=example'],
    ['cn=ops,dc=example', 'cn=ops,ou=groups,dc=example'],
    ['cn=a\\\\,dc=example', 'cn=a\\,dc=example'],
    ['cn=a,dc=example', 'ou=a,dc=example'],
  ])('%s is not %s', (one, other) => {
    expect(normalDn(one)).not.toBe(normalDn(other));
  });

  test.each([
    '',
    'people',
    'ou=',
    'ou=people,',
    ',dc=example',
    'cn=a"b',
    'cn=a;b',
    'cn=a\\zz',
    'cn=a\\',
  ])('is not %j', (text) => {
    expect(normalDn(text)).toBeUndefined();
  });

  test('is within another by whole parts alone', () => {
    expect(isWithin('uid=ana,ou=people', 'ou=people')).toBe(true);
    expect(isWithin('ou=people', 'ou=people')).toBe(true);
    expect(isWithin('uid=ana,ou=other-people', 'people')).toBe(false);
    expect(isWithin('uid=ana,ou=people,dc=b', 'ou=people')).toBe(false);
  });
});
