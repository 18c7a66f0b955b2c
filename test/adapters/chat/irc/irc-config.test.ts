import { describe, expect, it } from 'vitest';
import irc from '../../../../src/adapters/chat/irc.ts';
import { configFile } from '../../../../src/adapters/config/config-file.ts';
import { inside, wholeOf } from '../../../../src/adapters/config/config-part.ts';
import { formatProblem } from '../../../../src/adapters/config/problem.ts';
import { readPart } from '../../../../src/adapters/config/read-part.ts';

function problemsIn(text: string): readonly string[] {
  const part = inside(wholeOf(configFile('signalbox.yaml', text)), 'networks', 'irc');
  const read = readPart(part, irc.config);
  return read.kind === 'read' ? [] : read.problems.map(formatProblem);
}

const GOOD = 'server: irc.example.org, login: password, account: signalbox';

describe('the settings of IRC', () => {
  it.each([
    GOOD,
    'server: irc.example.org, login: certificate, certificate-file: c.pem, key-file: k.pem',
    `${GOOD}, password-file: /run/secrets/irc`,
    `${GOOD}, port: 7000, nick: "sig[box]", ca-file: ca.pem, line-burst: 10, line-interval-ms: 500`,
  ])('may be %s', (settings) => {
    expect(problemsIn(`networks:\n  irc: { ${settings} }\n`)).toEqual([]);
  });

  it.each([
    [
      '{ server: "irc://x", login: password, account: signalbox }',
      '2:18: server is "irc://x"; expected a host such as irc.example.org; correct it',
    ],
    [
      '{ server: irc.example.org, account: signalbox }',
      '2:8: "login" is missing; expected password or certificate; add login',
    ],
    [
      `{ ${GOOD}, nick: "7of9" }`,
      '2:78: nick is "7of9"; expected a nick such as signalbox; correct it',
    ],
    [
      `{ ${GOOD}, password: hunter2 }`,
      '2:72: "password" holds a secret, and secrets never stand in the configuration; write it into a file of its own and name that as "password-file", or set it in the environment; then change the secret, since it was here',
    ],
    [
      `{ ${GOOD}, port: 70000 }`,
      '2:78: port is 70000, a number; expected at most 65535; correct it',
    ],
    [
      `{ ${GOOD}, tls: false }`,
      '2:72: unknown key "tls"; expected server, port, nick, ca-file, line-burst, line-interval-ms, login, account or password-file; remove it',
    ],
  ])('may not be %s', (settings, problem) => {
    expect(problemsIn(`networks:\n  irc: ${settings}\n`)).toEqual([`signalbox.yaml:${problem}`]);
  });
});
