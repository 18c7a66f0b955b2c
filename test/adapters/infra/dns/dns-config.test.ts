import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { configFile } from '../../../../src/adapters/config/config-file.ts';
import { wholeOf } from '../../../../src/adapters/config/config-part.ts';
import { ConfigError, formatProblem } from '../../../../src/adapters/config/problem.ts';
import { parsePart } from '../../../../src/adapters/config/read-part.ts';
import powerdns from '../../../../src/adapters/infra/powerdns.ts';
import rfc2136 from '../../../../src/adapters/infra/rfc2136.ts';

function problems(schema: z.ZodType, text: string): readonly string[] {
  try {
    parsePart(wholeOf(configFile('signalbox.yaml', text)), schema);
    return [];
  } catch (problem) {
    if (problem instanceof ConfigError) return problem.problems.map(formatProblem);
    throw problem;
  }
}

const SERVERS =
  'servers: { ns1.example.org: 192.0.2.1, ns2.example.org: ["2001:db8::1", 198.51.100.2] }';
const rfc = (zone: string) => problems(rfc2136.config, `zones:\n  example.org: { ${zone} }\n`);
const pdns = (start: string) =>
  problems(
    powerdns.config,
    `${start}\nzones: { example.org: { primary: 192.0.2.1, ${SERVERS} } }\n`,
  );

describe('the configuration of rfc2136', () => {
  it('takes every server with its addresses', () => {
    expect(rfc(`primary: "192.0.2.1:53", ${SERVERS}, key-file: /etc/k`)).toEqual([]);
  });

  it.each([
    [
      `primary: ns1.example.org, ${SERVERS}, key-file: /etc/k`,
      'signalbox.yaml:2:27: primary is "ns1.example.org"; expected an address such as 192.0.2.1, 192.0.2.1:5300 or "[2001:db8::1]:53"; correct it',
    ],
    [
      'primary: 192.0.2.1, servers: {}, key-file: /etc/k',
      'signalbox.yaml:2:47: servers is a map; expected every server that the NS records of the zone name, with its address; correct it',
    ],
    [
      `primary: 192.0.2.1, ${SERVERS}`,
      'signalbox.yaml:2:16: "key-file" is missing; expected text; add key-file',
    ],
    [
      `primary: 192.0.2.1, ${SERVERS}, key-file: /etc/k, secret: abc`,
      '"secret" holds a secret, and secrets never stand in the configuration',
    ],
    [
      `primary: 192.0.2.1, ${SERVERS}, key-file: /etc/k, compare: names`,
      'compare is "names"; expected zone or name; did you mean "name"?',
    ],
  ])('says what is wrong with %j', (zone, message) => {
    expect(rfc(zone).join('\n')).toContain(message);
  });
});

describe('the configuration of powerdns', () => {
  it('takes https, and http on this machine', () => {
    expect(pdns('api: https://dns.example.org:8081\nkey-from: powerdns')).toEqual([]);
    expect(pdns('api: http://127.0.0.1:8081\nkey-from: powerdns')).toEqual([]);
  });

  it.each([
    [
      'api: http://dns.example.org:8081\nkey-from: powerdns',
      'signalbox.yaml:1:6: api is "http://dns.example.org:8081"; expected https: plain http is only for a server on this machine',
    ],
    ['api: https://dns.example.org\nkey-from: Hunter2!', 'signalbox.yaml:2:11: key-from is'],
  ])('says what is wrong with %j', (start, message) => {
    expect(pdns(start).join('\n')).toContain(message);
  });
});
