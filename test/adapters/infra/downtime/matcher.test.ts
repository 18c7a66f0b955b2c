import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  apiMatcher,
  forHost,
  formatMatcher,
  type Matcher,
  namesHost,
  parseMatcher,
} from '../../../../src/adapters/infra/alertmanager/matcher.ts';
import { HostName } from '../../../../src/domain/ids.ts';

function parsed(text: string): Matcher {
  const matcher = parseMatcher(text);
  if (matcher === undefined) throw new Error(`not a matcher: ${text}`);
  return matcher;
}

const host = HostName.parse('builder-07.example.org');

describe('a matcher', () => {
  it.each([
    ['instance=~"{host}(:[0-9]+)?"', 'instance', '=~', '{host}(:[0-9]+)?'],
    [' host = "{host}" ', 'host', '=', '{host}'],
    ['team!="web"', 'team', '!=', 'web'],
    ['job!~"node|ssh"', 'job', '!~', 'node|ssh'],
    ['instance=~"{host}\\.example\\.org"', 'instance', '=~', '{host}\\.example\\.org'],
    ['note="say \\"hi\\" \\\\ \\n"', 'note', '=', 'say "hi" \\ \n'],
  ])('%s is read as amtool reads it', (text, label, operator, value) => {
    expect(parseMatcher(text)).toEqual({ label, operator, value });
  });

  it.each([
    'instance',
    'instance={host}',
    'instance=="{host}"',
    '0instance="{host}"',
    'instance="{host}',
    'instance="{host}" or "more"',
    'instance="a"b"',
    '',
  ])('%s is refused', (text) => {
    expect(parseMatcher(text)).toBeUndefined();
  });

  it('names the host only where it has to match', () => {
    expect(namesHost(parsed('instance=~"{host}:.*"'))).toBe(true);
    expect(namesHost(parsed('instance="{host}"'))).toBe(true);
    expect(namesHost(parsed('instance!="{host}"'))).toBe(false);
    expect(namesHost(parsed('instance!~"{host}"'))).toBe(false);
    expect(namesHost(parsed('team="web"'))).toBe(false);
  });

  it('takes the dots of a name for dots', () => {
    const { value } = forHost(parsed('instance=~"{host}(:[0-9]+)?"'), host);
    expect(value).toBe('builder-07\\.example\\.org(:[0-9]+)?');
    expect(forHost(parsed('instance="{host}"'), host).value).toBe('builder-07.example.org');
  });

  it('is about one host and no other, whatever the names', () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?$/);
    const name = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'));
    fc.assert(
      fc.property(name, name, (one, other) => {
        const matcher = forHost(parsed('instance=~"{host}(:[0-9]+)?"'), HostName.parse(one));
        const regex = new RegExp(`^(?:${matcher.value})$`);
        expect(regex.test(`${one}:9100`)).toBe(true);
        expect(regex.test(other)).toBe(one === other);
      }),
    );
  });

  it('reads back what it writes, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const matcher: Matcher = { label: 'instance', operator: '=~', value };
        expect(parseMatcher(formatMatcher(matcher))).toEqual(matcher);
      }),
    );
  });

  it('is told to the API by what its operator means', () => {
    const meant = ['a="b"', 'a!="b"', 'a=~"b"', 'a!~"b"'].map((text) => {
      const { isEqual, isRegex } = apiMatcher(parsed(text));
      return [isEqual, isRegex];
    });
    expect(meant).toEqual([
      [true, false],
      [false, false],
      [true, true],
      [false, true],
    ]);
  });
});
