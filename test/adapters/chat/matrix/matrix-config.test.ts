import { describe, expect, it } from 'vitest';
import matrix from '../../../../src/adapters/chat/matrix.ts';
import { configFile } from '../../../../src/adapters/config/config-file.ts';
import { inside, wholeOf } from '../../../../src/adapters/config/config-part.ts';
import { formatProblem } from '../../../../src/adapters/config/problem.ts';
import { readPart } from '../../../../src/adapters/config/read-part.ts';

function problemsIn(text: string): readonly string[] {
  const part = inside(wholeOf(configFile('signalbox.yaml', text)), 'networks', 'matrix');
  const read = readPart(part, matrix.config);
  return read.kind === 'read' ? [] : read.problems.map(formatProblem);
}

const GOOD = 'homeserver: "https://matrix.example.org"';

describe('the settings of Matrix', () => {
  it.each([
    GOOD,
    'homeserver: "http://127.0.0.1:8008"',
    `${GOOD}, token-file: /run/secrets/matrix, homeservers: [example.org, "example.net:8448"]`,
    `${GOOD}, invited-by: ["@ana:example.org"]`,
    `${GOOD}, keys-folder: /var/lib/signalbox/matrix-keys`,
  ])('may be %s', (settings) => {
    expect(problemsIn(`networks:\n  matrix: { ${settings} }\n`)).toEqual([]);
  });

  it.each([
    [
      '{ homeserver: matrix.example.org }',
      '2:25: homeserver is "matrix.example.org"; expected an address such as https://matrix.example.org; correct it',
    ],
    [
      '{ homeserver: "http://matrix.example.org" }',
      '2:25: homeserver is "http://matrix.example.org"; expected https: plain http is only for a homeserver on this machine (localhost, 127.0.0.1, [::1]); correct it',
    ],
    [
      '{ homeserver: "https://matrix.example.org/_matrix" }',
      '2:25: homeserver is "https://matrix.example.org/_matrix"; expected the address alone, such as https://matrix.example.org; correct it',
    ],
    [
      `{ ${GOOD}, token: syt_secret }`,
      '2:55: "token" holds a secret, and secrets never stand in the configuration; write it into a file of its own and name that as "token-file", or set it in the environment; then change the secret, since it was here',
    ],
    [
      `{ ${GOOD}, homeservers: [] }`,
      '2:68: homeservers is an empty list; expected at least one homeserver; correct it',
    ],
    [
      `{ ${GOOD}, homeservers: ["@ana:example.org"] }`,
      '2:69: homeservers[0] is "@ana:example.org"; expected what stands after the colon of a user id, such as example.org; correct it',
    ],
    [
      `{ ${GOOD}, invited-by: [ana] }`,
      '2:68: invited-by[0] is "ana"; expected a user id such as "@ana:example.org"; correct it',
    ],
  ])('may not be %s', (settings, problem) => {
    expect(problemsIn(`networks:\n  matrix: ${settings}\n`)).toEqual([`signalbox.yaml:${problem}`]);
  });
});
