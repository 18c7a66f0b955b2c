import { expect, test } from 'vitest';
import { askPeople, judge } from '../../../../src/adapters/chat/slack/people.ts';

const ANA = { id: 'U1', team_id: 'T1', name: 'ana', profile: { display_name: 'Ana' } };

test('a member of the workspace is somebody', () => {
  expect(judge(ANA, 'T1')).toEqual({ kind: 'member', shown: 'Ana' });
});

test.each([
  ['deactivated', { deleted: true }, /deactivated/],
  ['a bot', { is_bot: true }, /an app/],
  ['an app of their own', { is_app_user: true }, /an app/],
  ["Slack's own bot", { id: 'USLACKBOT' }, /an app/],
  ['a guest', { is_restricted: true }, /guest/],
  ['a guest of one channel', { is_ultra_restricted: true }, /guest/],
  ['a stranger in a shared channel', { is_stranger: true }, /another workspace/],
  ['of another workspace', { team_id: 'T2' }, /another workspace/],
  ['of no workspace that is told', { team_id: undefined }, /another workspace/],
])('%s is nobody, and is told why', (_, more, because) => {
  const { team_id, ...rest } = { ...ANA, ...more };
  const judged = judge({ ...rest, ...(team_id !== undefined && { team_id }) }, 'T1');
  expect(judged).toMatchObject({ kind: 'refused', because: expect.stringMatching(because) });
});

test('for talk a person is remembered for half a minute, otherwise Slack is asked each time', async () => {
  let asked = 0;
  let now = 0;
  const call = async () => {
    asked += 1;
    return { kind: 'done', body: { user: ANA } } as const;
  };
  const people = askPeople({ call }, 'T1', () => now);
  await people.who('U1', 'cached');
  await people.who('U1', 'cached');
  expect(asked).toBe(1);
  await people.who('U1', 'fresh');
  expect(asked).toBe(2);
  now = 30_000;
  await people.who('U1', 'cached');
  expect(asked).toBe(3);
});

test.each([
  ['does not answer', { kind: 'unknown', because: 'it answered 500' } as const, /did not say/],
  [
    'answers about somebody else',
    { kind: 'done', body: { user: { ...ANA, id: 'U2' } } } as const,
    /not understood/,
  ],
  [
    'does not know them',
    { kind: 'refused', error: 'user_not_found' } as const,
    /another workspace/,
  ],
  ['asks for patience', { kind: 'refused', error: 'ratelimited' } as const, /did not say/],
])('where Slack %s, nobody is anybody', async (_, answer, because) => {
  const people = askPeople({ call: async () => answer }, 'T1', () => 0);
  const judged = await people.who('U1', 'cached');
  expect(judged).toMatchObject({ kind: 'refused', because: expect.stringMatching(because) });
});
