import { describe, expect, test } from 'vitest';
import { memoryChatMemory } from '../../../../src/adapters/simulated/memory-chat-memory.ts';
import { until } from '../../../until.ts';
import { atSlack, outgoing, prompt } from './at-slack.ts';

const slack = atSlack();

const texts = () => slack.said().map(({ text }) => text);
const callsOf = (method: string) => slack.double.calls.filter((call) => call.method === method);

describe('what is posted', () => {
  test('is a message, a thread under it, and an edit of it', async () => {
    const { network } = await slack.connects();
    const ref = await network.post(outgoing('op-1 runs', { as: 'card' }));
    const detail = await network.post(outgoing('details', { thread: ref }));
    await network.post(outgoing('more of them', { thread: detail }));
    expect(await network.edit(ref, outgoing('op-1 done', { as: 'card' }))).toBe('stands');
    const [card] = slack.said();
    expect(slack.said().map(({ text, thread_ts }) => [text, thread_ts])).toEqual([
      ['op-1 done', undefined],
      ['details', card?.ts],
      ['more of them', card?.ts],
    ]);
  });

  test('mentions nobody, is no link, and is cut with a note where it is too long', async () => {
    const { network } = await slack.connects();
    await network.post(outgoing('<!channel> <@U01> & <http://x|y>'));
    await network.post({ ...outgoing('long'), lines: Array(2_000).fill('<'.repeat(200)) });
    expect(texts()[0]).toBe('&lt;!channel&gt; &lt;@U01&gt; &amp; &lt;http://x|y&gt;');
    expect(texts()[1]).toMatch(/\n… and 19\d\d lines more than a message can hold$/);
    expect(callsOf('chat.postMessage')[0]?.args).toMatchObject({
      parse: 'none',
      link_names: 'false',
      mrkdwn: 'false',
      unfurl_links: 'false',
      unfurl_media: 'false',
    });
  });

  test('keeps to one message in a while in a channel, questions first', async () => {
    const { network } = await slack.connects({ pace: { postEveryMs: 60, editEveryMs: 1 } });
    await network.post(outgoing('hello'));
    await Promise.all([
      network.post(outgoing('it happened')),
      network.post(outgoing('an answer', { as: 'reply' })),
      network.post(outgoing('another answer', { as: 'reply' })),
      network.post(prompt('may it?')),
    ]);
    expect(texts()).toEqual(['hello', 'may it?', 'it happened', 'an answer', 'another answer']);
    const times = callsOf('chat.postMessage').map(({ at }) => at);
    for (const [place, at] of times.entries()) {
      expect(at - (times[place - 1] ?? 0)).toBeGreaterThan(55);
    }
  });

  test('is there once however often it is asked for', async () => {
    const { network } = await slack.connects();
    const [one, two] = await Promise.all([
      network.post(outgoing('once')),
      network.post(outgoing('once')),
    ]);
    expect(await network.post(outgoing('once'))).toEqual(one);
    expect(two).toEqual(one);
    expect(texts()).toEqual(['once']);
  });
});

describe('when nobody knows whether it was posted', () => {
  test('and it was, it is found and not posted again', async () => {
    const { network } = await slack.connects();
    slack.double.fails('chat.postMessage', { kind: 'broken', after: true });
    const ref = await network.post(outgoing('once'));
    const [message] = slack.said();
    expect(ref.id).toBe(`${slack.ops.id}/${message?.ts}`);
    expect(texts()).toEqual(['once']);
    expect(callsOf('chat.postMessage')).toHaveLength(1);
    expect(callsOf('conversations.history')).toHaveLength(1);
  });

  test('the same in a thread', async () => {
    const { network } = await slack.connects();
    const thread = await network.post(outgoing('card'));
    slack.double.fails('chat.postMessage', { kind: 'broken', after: true });
    await network.post(outgoing('detail', { thread }));
    expect(texts()).toEqual(['card', 'detail']);
    expect(callsOf('conversations.replies')).toHaveLength(1);
  });

  test('and it was not, it is posted', async () => {
    const { network } = await slack.connects();
    slack.double.fails('chat.postMessage', { kind: 'broken', after: false });
    await network.post(outgoing('once'));
    expect(texts()).toEqual(['once']);
  });

  test('and it cannot be looked either, it waits until it can', async () => {
    const { network } = await slack.connects();
    slack.double.fails('chat.postMessage', { kind: 'broken', after: true });
    slack.double.fails(
      'conversations.history',
      { kind: 'broken', after: false },
      { kind: 'broken', after: false },
    );
    await network.post(outgoing('once'));
    expect(texts()).toEqual(['once']);
  });

  test('because the bot died over it, the next one looks first', async () => {
    const memory = memoryChatMemory();
    const one = await slack.connects({ memory });
    await one.network.post(outgoing('once'));
    const two = await slack.connects({ memory });
    await two.network.post(outgoing('once'));
    await two.network.post(outgoing('something else'));
    expect(texts()).toEqual(['once', 'something else']);
    expect(callsOf('conversations.history')).toHaveLength(1);
  });

  test('of an edit, it is done again', async () => {
    const { network } = await slack.connects();
    const ref = await network.post(outgoing('runs', { as: 'card' }));
    slack.double.fails(
      'chat.update',
      { kind: 'broken', after: false },
      { kind: 'broken', after: true },
    );
    expect(await network.edit(ref, outgoing('done', { as: 'card' }))).toBe('stands');
    expect(texts()).toEqual(['done']);
  });
});

describe('a limit of Slack', () => {
  test('is obeyed for its method alone, and nothing is lost or said twice', async () => {
    const { network } = await slack.connects();
    const ref = await network.post(outgoing('card', { as: 'card' }));
    slack.double.fails('chat.postMessage', { kind: 'limited', retryAfterS: 1 });
    const before = performance.now();
    const posted = network.post(outgoing('later'));
    await until(() => callsOf('chat.postMessage').length === 2);
    await network.edit(ref, outgoing('edited', { as: 'card' }));
    expect(performance.now() - before).toBeLessThan(900);
    await posted;
    expect(texts()).toEqual(['edited', 'later']);
    const [, limited, again] = callsOf('chat.postMessage').map(({ at }) => at);
    expect((again ?? 0) - (limited ?? 0)).toBeGreaterThan(990);
    expect(callsOf('chat.postMessage')).toHaveLength(3);
  });
});

describe('edits', () => {
  test('are made once in a while, to the newest, and everybody hears that it stands', async () => {
    const { network } = await slack.connects({ pace: { postEveryMs: 1, editEveryMs: 80 } });
    const ref = await network.post(outgoing('0 of 8', { as: 'card' }));
    const edits = [1, 2, 3, 4, 5, 6, 7, 8].map((step) =>
      network.edit(ref, outgoing(`${step} of 8`, { as: 'card' })),
    );
    expect(await Promise.all(edits)).toEqual(Array(8).fill('stands'));
    expect(texts()).toEqual(['8 of 8']);
    const updates = callsOf('chat.update');
    expect(updates).toHaveLength(2);
    expect((updates[1]?.at ?? 0) - (updates[0]?.at ?? 0)).toBeGreaterThan(75);
  });

  test('of what is gone or may not be edited any more say so', async () => {
    const { network } = await slack.connects();
    const ref = await network.post(outgoing('card', { as: 'card' }));
    slack.double.methods.editWindowClosed = true;
    expect(await network.edit(ref, outgoing('done'))).toBe('gone');
    slack.double.methods.editWindowClosed = false;
    slack.ops.messages.length = 0;
    expect(await network.edit(ref, outgoing('done'))).toBe('gone');
    expect(await network.edit({ channel: '#ops', id: 'left out x' }, outgoing('done'))).toBe(
      'gone',
    );
  });
});

describe('a channel', () => {
  test('that does not take what is said is left out after a while, and the others hear theirs', async () => {
    const bot = await slack.connects({ channels: ['#ops', '#farm'] });
    expect(bot.log).toContain('the app is not in #farm: /invite it');
    const farm = bot.network.post(outgoing('for #farm', { channel: '#farm' }));
    await bot.network.post(outgoing('for #ops'));
    await farm;
    expect(texts()).toEqual(['for #ops']);
    expect(bot.log).toContain('left out for #farm: for #farm');
    expect(bot.log.filter((line) => line.includes('#farm does not take'))).toHaveLength(1);
  });

  test('is the one that had the name when the bot came, also after it was renamed', async () => {
    const bot = await slack.connects({ channels: ['#ops', slack.ops.id] });
    expect(bot.log).toEqual([]);
    await bot.network.post(outgoing('by its id', { channel: slack.ops.id }));
    Object.assign(slack.ops, { name: 'old-ops' });
    slack.double.channel('ops');
    await bot.network.post(outgoing('by its name'));
    expect(texts()).toEqual(['by its id', 'by its name']);
  });
});

describe('besides the text', () => {
  test('a form that Slack does not take becomes plain text', async () => {
    const bot = await slack.connects();
    slack.double.fails('chat.postMessage', { kind: 'refused', error: 'invalid_blocks' });
    await bot.network.post(prompt('may it?'));
    expect(slack.said()).toMatchObject([{ text: 'may it?', blocks: [] }]);
    expect(bot.log[0]).toMatch(/the form of "may it\?" is not taken/);
  });

  test('a long text is a file in the thread of its message', async () => {
    const { network } = await slack.connects();
    const text = 'a line\n'.repeat(10_000);
    await network.post(outgoing('the log of step 4', { file: { name: 'op-1-step-4.log', text } }));
    await until(() => slack.said().length === 2);
    const [message, shared] = slack.said();
    expect(shared).toMatchObject({
      thread_ts: message?.ts,
      files: [{ title: 'op-1-step-4.log', text }],
    });
  });

  test('that it could not be shared is said there', async () => {
    const { network } = await slack.connects();
    slack.double.fails('files.completeUploadExternal', { kind: 'refused', error: 'access_denied' });
    await network.post(outgoing('the log', { file: { name: 'a.log', text: 'x' } }));
    await until(() => slack.said().length === 2);
    expect(texts()[1]).toBe('a.log could not be shared: access_denied');
  });
});
