import { expect, test } from 'vitest';
import { postedOnce } from '../../../../src/adapters/chat/common/posted-once.ts';
import type { MessageRef, Outgoing } from '../../../../src/bot/chat-network.ts';

const hello: Outgoing = { channel: '#ops', key: 'hello', as: 'notice', lines: ['hello'] };

test('whoever asks meanwhile gets the same reference, and so does whoever asks later', async () => {
  const posted = postedOnce();
  const said = Promise.withResolvers<MessageRef>();
  let times = 0;
  const say = async (message: Outgoing) => {
    times += 1;
    const ref = await said.promise;
    posted.remember(message, ref);
    return ref;
  };
  const both = [posted.once(hello, say), posted.once({ ...hello }, say)];
  said.resolve({ channel: '#ops', id: '1' });
  const refs = [...(await Promise.all(both)), await posted.once(hello, say)];
  expect(refs.map(({ id }) => id)).toEqual(['1', '1', '1']);
  expect(times).toBe(1);
});

test('whoever asks meanwhile meets the same failure, and whoever asks later tries again', async () => {
  const posted = postedOnce();
  const away = new Error('away');
  const fail = async () => {
    throw away;
  };
  const both = [posted.once(hello, fail), posted.once(hello, async () => expect.unreachable())];
  const problems = await Promise.allSettled(both);
  expect(problems).toEqual(Array(2).fill({ status: 'rejected', reason: away }));
  const ref = { channel: '#ops', id: '2' };
  expect(await posted.once(hello, async () => ref)).toBe(ref);
});

test('the same key in another channel is another message', async () => {
  const posted = postedOnce();
  const say = async ({ channel }: Outgoing) => ({ channel, id: `in ${channel}` });
  const both = [posted.once(hello, say), posted.once({ ...hello, channel: '#public' }, say)];
  expect((await Promise.all(both)).map(({ id }) => id)).toEqual(['in #ops', 'in #public']);
});
