import { describe, expect, it } from 'vitest';
import slack from '../../../../src/adapters/chat/slack.ts';
import { configFile } from '../../../../src/adapters/config/config-file.ts';
import { inside, wholeOf } from '../../../../src/adapters/config/config-part.ts';
import { formatProblem } from '../../../../src/adapters/config/problem.ts';
import { readPart } from '../../../../src/adapters/config/read-part.ts';

function problemsIn(text: string): readonly string[] {
  const part = inside(wholeOf(configFile('signalbox.yaml', text)), 'networks', 'slack');
  const read = readPart(part, slack.config);
  return read.kind === 'read' ? [] : read.problems.map(formatProblem);
}

const GOOD = 'team: T01ABCDE2, mode: socket';

describe('the settings of Slack', () => {
  it.each([
    GOOD,
    `${GOOD}, bot-token-file: /run/secrets/bot, app-token-file: /run/secrets/app`,
    'team: T01ABCDE2, mode: http, listen: "127.0.0.1:3001", signing-secret-file: /run/secrets/s',
    'team: T01ABCDE2, mode: http, listen: "[::1]:3001"',
    `${GOOD}, api-url: "https://slack-gov.com/api/", post-interval-ms: 500, edit-interval-ms: 2000`,
  ])('may be %s', (settings) => {
    expect(problemsIn(`networks:\n  slack: { ${settings} }\n`)).toEqual([]);
  });

  it.each([
    [
      '{ team: home, mode: socket }',
      '2:18: team is "home"; expected the id of a workspace such as T01ABCDE2; correct it',
    ],
    ['{ team: T01ABCDE2 }', '2:10: "mode" is missing; expected socket or http; add mode'],
    [
      '{ team: T01ABCDE2, mode: http, listen: "3001" }',
      '2:49: listen is "3001"; expected an address and a port such as 127.0.0.1:3001; correct it',
    ],
    [
      `{ ${GOOD}, api-url: "http://slack.com/api/" }`,
      '2:52: api-url is "http://slack.com/api/"; expected an https address with a slash at its end such as https://slack.com/api/; correct it',
    ],
    [
      `{ ${GOOD}, signing-secret-file: s }`,
      '2:43: unknown key "signing-secret-file"; expected team, bot-token-file, api-url, post-interval-ms, edit-interval-ms, mode or app-token-file; remove it',
    ],
  ])('may not be %s', (settings, problem) => {
    expect(problemsIn(`networks:\n  slack: ${settings}\n`)).toEqual([`signalbox.yaml:${problem}`]);
  });

  it('hold no token', () => {
    const [problem] = problemsIn(`networks:\n  slack: { ${GOOD}, bot-token: xoxb-1 }\n`);
    expect(problem).toMatch(/"bot-token" holds a secret, .* name that as "bot-token-file"/);
  });
});
