import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { configFile } from '../../../src/adapters/config/config-file.ts';
import { inside, wholeOf } from '../../../src/adapters/config/config-part.ts';
import { ConfigError } from '../../../src/adapters/config/problem.ts';
import { parsePart } from '../../../src/adapters/config/read-part.ts';

const KojiConfig = z.strictObject({
  hub: z.url(),
  realm: z.string().min(2).optional(),
  poll: z.number().min(1).max(60).optional(),
  tags: z.array(z.string()).min(1).optional(),
  login: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('keytab'), file: z.string() }),
      z.strictObject({ kind: z.literal('certificate'), certificate: z.string() }),
    ])
    .optional(),
  servers: z.union([z.string(), z.array(z.strictObject({ host: z.string() }))]).optional(),
});

function parseFarm(text: string) {
  const file = configFile('signalbox.yaml', `farm:\n${text.replace(/^/gm, '  ')}`);
  return parsePart(inside(wholeOf(file), 'farm'), KojiConfig);
}

function refusal(text: string): string {
  try {
    parseFarm(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'taken';
}

const hub = 'hub: https://koji.example.org';

describe("a driver's own schema", () => {
  test('gives what it makes of its part of the file', () => {
    expect(parseFarm(hub)).toEqual({ hub: 'https://koji.example.org' });
  });

  test.each([
    [
      'an unknown key',
      `${hub}\npol: 3`,
      'signalbox.yaml:3:3: unknown key "pol"; expected hub, realm, poll, tags, login or servers; did you mean "poll"?',
    ],
    [
      'an unknown key with nothing near',
      `${hub}\nxyzzy: 3`,
      'signalbox.yaml:3:3: unknown key "xyzzy"; expected hub, realm, poll, tags, login or servers; remove it',
    ],
    ['a missing key', 'poll: 3', 'signalbox.yaml:2:3: "hub" is missing; expected text; add hub'],
    [
      'a bad address',
      'hub: koji',
      'signalbox.yaml:2:8: hub is "koji"; expected text of the form url; correct it',
    ],
    [
      'too small a number',
      `${hub}\npoll: 0`,
      'signalbox.yaml:3:9: poll is 0, a number; expected at least 1; correct it',
    ],
    [
      'too large a number',
      `${hub}\npoll: 61`,
      'signalbox.yaml:3:9: poll is 61, a number; expected at most 60; correct it',
    ],
    [
      'too short a text',
      `${hub}\nrealm: x`,
      'signalbox.yaml:3:10: realm is "x"; expected at least 2 characters; correct it',
    ],
    [
      'an empty list',
      `${hub}\ntags: []`,
      'signalbox.yaml:3:9: tags is an empty list; expected at least 1 of them; correct it',
    ],
    [
      'a number in a list of texts',
      `${hub}\ntags: [1.50]`,
      'signalbox.yaml:3:10: tags[0] is 1.50, a number; expected text; put it in quotes: "1.50"',
    ],
    [
      'one where a list belongs',
      `${hub}\ntags: f43`,
      'signalbox.yaml:3:9: tags is "f43"; expected a list in [brackets]; write [f43]',
    ],
    [
      'a key of one alternative',
      `${hub}\nlogin: { kind: keytab, fil: x }`,
      'signalbox.yaml:3:10: "file" is missing; expected text; add file\nsignalbox.yaml:3:26: unknown key "fil"; expected kind or file; did you mean "file"?',
    ],
    [
      'a key deep in one alternative',
      `${hub}\nservers: [{ hos: a, host: b }]`,
      'signalbox.yaml:3:15: unknown key "hos"; expected host; did you mean "host"?',
    ],
    [
      'nothing where something belongs',
      'hub:',
      'signalbox.yaml:2:7: hub is empty; expected text; give it a value; one that begins with #, !, @ or * needs quotes',
    ],
    [
      'a secret in another spelling',
      `${hub}\napiToken: abc`,
      'signalbox.yaml:3:3: "apiToken" holds a secret, and secrets never stand in the configuration; write it into a file of its own and name that as "apiToken-file", or set it in the environment; then change the secret, since it was here',
    ],
    [
      'a literal secret',
      `${hub}\ntoken: abc`,
      'signalbox.yaml:3:3: "token" holds a secret, and secrets never stand in the configuration; write it into a file of its own and name that as "token-file", or set it in the environment; then change the secret, since it was here',
    ],
  ])('refuses %s at its place', (_, text, message) => {
    expect(refusal(text)).toBe(message);
  });
});
