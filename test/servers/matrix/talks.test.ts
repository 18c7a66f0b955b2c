import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMatrixBot, type TestBot } from './bot.ts';
import type { Person } from './person.ts';
import { type Synapse, startSynapse } from './synapse.ts';

const OPS = '#ops:ops.test';
let synapse: Synapse;
let bot: TestBot;
let ana: Person;
let box: Person;
let ops: string;

beforeAll(async () => {
  synapse = await startSynapse();
  [ana, box] = [await synapse.register('ana'), await synapse.register('signalbox')];
  ops = await ana.makesRoom({ alias: 'ops', invite: [box.id] });
  await ana.says(ops, '!before the bot came');
  bot = await startMatrixBot({ url: synapse.url, token: box.token, channels: [OPS] });
  await bot.say(OPS, 'here');
});
afterAll(async () => {
  await bot?.stop();
  await synapse?.close();
});

describe('a bot in a room', () => {
  it('hears who says a command, by their user id, and nothing that was said before it came', async () => {
    const id = await ana.says(ops, '!status');
    const heard = await bot.takes('message');
    expect(heard).toMatchObject({
      ref: { channel: OPS, id },
      sender: { id: '@ana:ops.test', shown: 'ana' },
      text: '!status',
    });
    expect(bot.taken).toHaveLength(1);
  });

  it('answers what was said, and names who said it', async () => {
    const to = await ana.says(ops, '!status');
    await bot.takes('message');
    await bot.say(OPS, 'all <b>is</b> well & fine', { as: 'reply', to: { channel: OPS, id: to } });
    const { content } = await ana.hears(ops, /all <b>/);
    expect(content).toMatchObject({
      body: 'all <b>is</b> well & fine',
      formatted_body: 'all &lt;b&gt;is&lt;/b&gt; well &amp; fine',
      'm.mentions': { user_ids: ['@ana:ops.test'] },
      'm.relates_to': { 'm.in_reply_to': { event_id: to } },
    });
  });

  it('says the same thing once however often it is asked to', async () => {
    const same = { key: 'same' };
    const other = await startMatrixBot({ url: synapse.url, token: box.token, channels: [OPS] });
    const ids = [await bot.say(OPS, 'once', same), await other.say(OPS, 'once', same)];
    await other.stop();
    expect(new Set(ids).size).toBe(1);
    const said = (await ana.seen(ops)).filter(({ content }) => content.body === 'once');
    expect(said).toHaveLength(1);
  });

  it('offers answers under a question, and hears who gives which and takes it back', async () => {
    const id = await bot.say(OPS, 'really?', { as: 'prompt', reactions: ['👍', '👎'] });
    const offered = (await ana.seen(ops)).filter(({ type }) => type === 'm.reaction');
    expect(offered.map(({ content }) => content['m.relates_to']?.key)).toEqual(['👍', '👎']);
    const reaction = await ana.reacts(ops, id, '👍️');
    expect(await bot.takes('reaction')).toMatchObject({
      ref: { channel: OPS, id: reaction },
      sender: { id: ana.id },
      on: { channel: OPS, id },
      emoji: '👍',
      change: 'added',
    });
    const standing = await bot.network.reactionsOn?.({ channel: OPS, id });
    expect(standing).toMatchObject([
      { ref: { id: reaction }, sender: { id: ana.id }, emoji: '👍' },
    ]);
    await ana.redacts(ops, reaction);
    expect(await bot.takes('reaction')).toMatchObject({
      sender: { id: ana.id },
      on: { id },
      emoji: '👍',
      change: 'removed',
    });
    expect(await bot.network.reactionsOn?.({ channel: OPS, id })).toEqual([]);
  });

  it('edits a message in place, in fewer edits than it was asked for, the newest last', async () => {
    const id = await bot.say(OPS, 'step 1', { as: 'card' });
    const edit = (text: string) =>
      bot.network.edit(
        { channel: OPS, id },
        { channel: OPS, key: text, as: 'card', lines: [text] },
      );
    const texts = ['step 2', 'step 3', 'step 4', 'step 5'];
    expect(await Promise.all(texts.map(edit))).toEqual(texts.map(() => 'stands'));
    const edits = (await ana.seen(ops)).filter(
      ({ content }) => content['m.relates_to']?.event_id === id,
    );
    expect(edits.map(({ content }) => content['m.new_content']?.body)).toEqual([
      'step 2',
      'step 5',
    ]);
    expect(edits.at(-1)?.content['m.relates_to']?.rel_type).toBe('m.replace');
  });

  it('says of a message that somebody deleted that it is gone', async () => {
    const id = await bot.say(OPS, 'to be deleted', { as: 'card' });
    await ana.redacts(ops, id);
    const edit = () =>
      bot.network.edit({ channel: OPS, id }, { channel: OPS, key: 'e', as: 'card', lines: ['x'] });
    await expect.poll(edit).toBe('gone');
    const other = await startMatrixBot({ url: synapse.url, token: box.token, channels: [OPS] });
    await other.say(OPS, 'another process');
    const message = { channel: OPS, key: 'e', as: 'card', lines: ['x'] } as const;
    expect(await other.network.edit({ channel: OPS, id }, message)).toBe('gone');
    await other.stop();
  });

  it('tells details in a thread, and a long text as a file', async () => {
    const root = await bot.say(OPS, 'card', { as: 'card' });
    const thread = { channel: OPS, id: root };
    const first = await bot.say(OPS, 'detail 1', { thread });
    await bot.say(OPS, 'detail 2', { thread });
    const { content } = await ana.hears(ops, /detail 2/);
    expect(content['m.relates_to']).toEqual({
      rel_type: 'm.thread',
      event_id: root,
      is_falling_back: true,
      'm.in_reply_to': { event_id: first },
    });
    await bot.say(OPS, 'a log', { thread, file: { name: 'build.log', text: 'line 1\nline 2\n' } });
    const file = await ana.hears(ops, /build\.log/);
    expect(file.content).toMatchObject({ msgtype: 'm.file', url: expect.stringMatching(/^mxc:/) });
  });
});
