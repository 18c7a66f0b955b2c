import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  judgeRequests,
  type SlackRequest,
} from '../../../../src/adapters/chat/slack/judge-request.ts';

const SECRET = 'signing secret';
const SIGNED_AT_S = 1_790_000_000;

function signed(body: string, more: Partial<SlackRequest> = {}): SlackRequest {
  const digest = createHmac('sha256', SECRET).update(`v0:${SIGNED_AT_S}:${body}`).digest('hex');
  const signature = `v0=${digest}`;
  return { body, signature, timestamp: String(SIGNED_AT_S), again: false, ...more };
}

function judging(at = SIGNED_AT_S * 1_000) {
  const clock = { now: at };
  return { clock, judge: judgeRequests(SECRET, () => clock.now) };
}

test.each([-300, 0, 300])(
  'a request that is %i s off is taken, and a second one like it is not for as long as it could be',
  (offS) => {
    const { clock, judge } = judging((SIGNED_AT_S + offS) * 1_000);
    expect(judge(signed('a'))).toMatchObject({ kind: 'signed' });
    clock.now = SIGNED_AT_S * 1_000 + 300_999;
    expect(judge(signed('a'))).toMatchObject({
      kind: 'refused',
      because: expect.stringMatching(/came before/),
    });
    clock.now += 1;
    expect(judge(signed('b'))).toMatchObject({
      kind: 'refused',
      because: expect.stringMatching(/5 min ago/),
    });
  },
);

test('one that was not taken in may come once more', () => {
  const { judge } = judging();
  const first = judge(signed('a'));
  if (first.kind === 'signed') first.forget();
  expect(judge(signed('a'))).toMatchObject({ kind: 'signed' });
});

test('one that is brought again and not taken in then leaves the first one known', () => {
  const { judge } = judging();
  expect(judge(signed('a'))).toMatchObject({ kind: 'signed' });
  const again = judge(signed('a', { again: true }));
  if (again.kind === 'signed') again.forget();
  expect(judge(signed('a'))).toMatchObject({
    kind: 'refused',
    because: expect.stringMatching(/came before/),
  });
});

test.each([
  ['another secret signed it', { signature: `v0=${'0'.repeat(64)}` }],
  ['nothing is signed', { signature: '' }],
  ['it tells another time', { timestamp: String(SIGNED_AT_S + 1) }],
  ['it tells no time', { timestamp: '' }],
  ['its time is none', { timestamp: 'NaN' }],
  ['its time has no end', { timestamp: 'Infinity' }],
  ['its body is another', { body: 'b' }],
])('nobody signed it where %s, also when it says that it comes again', (_what, more) => {
  const { judge } = judging();
  expect(judge(signed('a', { again: true, ...more }))).toEqual({ kind: 'unsigned' });
});
