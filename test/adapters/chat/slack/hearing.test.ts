import { describe, expect, test } from 'vitest';
import { memoryChatMemory } from '../../../../src/adapters/simulated/memory-chat-memory.ts';
import { until } from '../../../until.ts';
import { atSlack, heardBy, outgoing, prompt } from './at-slack.ts';

const slack = atSlack(async () => ({ ackWithinMs: 1_000 }));

describe('a message', () => {
  test('is heard with the account of who wrote it, and with host names as they were typed', async () => {
    const bot = await slack.connects();
    const { message, acked } = await slack.double.says(
      slack.ana,
      slack.ops,
      '!status builder-07.example.org <b>',
    );
    expect(acked).toBe(true);
    expect(await heardBy(bot, 1)).toMatchObject([
      {
        kind: 'message',
        ref: { channel: '#ops', id: `${slack.ops.id}/${message.ts}` },
        sender: { id: `T0HOME:${slack.ana.id}`, shown: 'ana' },
        text: '!status builder-07.example.org <b>',
      },
    ]);
  });

  test('may mention us, come by a slash command, or be written to us alone', async () => {
    const bot = await slack.connects();
    await slack.double.says(slack.ana, slack.ops, '@signalbox status');
    await slack.double.types(slack.ana, slack.ops, '/signalbox', 'status builders');
    await slack.double.types(slack.ana, slack.ops, '/signalbox', '');
    const alone = slack.double.privateWith(slack.ana);
    await slack.double.says(slack.ana, alone, 'status');
    await slack.double.says(slack.ana, alone, '!ops');
    const heard = await heardBy(bot, 5);
    expect(heard.map((one) => one.kind === 'message' && [one.ref.channel, one.text])).toEqual([
      ['#ops', '@signalbox status'],
      ['#ops', '!status builders'],
      ['#ops', '!help'],
      [alone.id, '!status'],
      [alone.id, '!ops'],
    ]);
  });

  test('is not heard, and not even kept, when it is not for us', async () => {
    const memory = memoryChatMemory();
    const bot = await slack.connects({ memory });
    const other = slack.double.channel('other');
    await slack.double.says(slack.ana, slack.ops, 'good morning');
    await slack.double.says(slack.ana, slack.ops, 'ask @signalbox');
    await slack.double.says(slack.ana, other, '!status');
    await bot.network.post(outgoing('!status is a command'));
    await slack.double.says(slack.ana, slack.ops, '!ops');
    expect(await heardBy(bot, 1)).toHaveLength(1);
    await until(async () => (await memory.waiting()).length === 0);
    expect(await memory.takeIn('event Ev000000', '')).toBe(true);
  });

  test('by a slash command in a channel that is none of ours is answered there, to its author alone', async () => {
    const bot = await slack.connects();
    const other = slack.double.channel('other');
    const { response } = await slack.double.types(slack.ana, other, '/signalbox', 'ops');
    expect(response).toMatchObject({
      response_type: 'ephemeral',
      text: expect.stringMatching(/none of the channels/),
    });
    const here = await slack.double.types(slack.ana, slack.ops, '/signalbox', 'ops');
    expect(here.response).toEqual({ response_type: 'in_channel' });
    expect(await heardBy(bot, 1)).toHaveLength(1);
  });

  test('is heard in a channel that Slack did not tell us of at first', async () => {
    slack.double.fails('users.conversations', { kind: 'broken', after: false });
    const bot = await slack.connects();
    expect((await slack.double.says(slack.ana, slack.ops, '!ops')).acked).toBe(true);
    expect(await heardBy(bot, 1)).toMatchObject([{ ref: { channel: '#ops' } }]);
    expect(bot.log[0]).toMatch(/^Slack did not answer which channels we are in: /);
  });

  test('is heard in a channel that we were invited to since, though nothing was posted there', async () => {
    const bot = await slack.connects({ channels: ['#ops', '#farm'] });
    expect(bot.log).toContain('the app is not in #farm: /invite it');
    const farm = slack.double.channel('farm');
    slack.double.fails('users.conversations', { kind: 'broken', after: false });
    // Not acknowledged at first, it is brought again.
    await slack.double.says(slack.ana, farm, '!ops');
    expect(await heardBy(bot, 1)).toMatchObject([{ ref: { channel: '#farm' }, text: '!ops' }]);
  });

  test('in channels that are none of ours makes us look where we are once in a while', async () => {
    const bot = await slack.connects({ channels: ['#ops', '#farm'] });
    const looks = () => slack.double.calls.filter(({ method }) => method === 'users.conversations');
    const before = looks().length;
    const other = slack.double.channel('other');
    for (const text of ['!ops', '!status', 'hello'])
      await slack.double.says(slack.ana, other, text);
    expect(looks()).toHaveLength(before + 1);
    expect(bot.heard).toEqual([]);
  });

  test('in a thread is answered in it', async () => {
    const bot = await slack.connects();
    const first = await slack.double.says(slack.ana, slack.ops, 'look at this');
    await slack.double.says(slack.ana, slack.ops, '!status', first.message);
    const [heard] = await heardBy(bot, 1);
    if (heard?.kind !== 'message') throw new Error('no message');
    await bot.network.post(outgoing('fine', { as: 'reply', to: heard.ref }));
    expect(slack.said()).toMatchObject([{ text: 'fine', thread_ts: first.message.ts }]);
  });
});

describe('nobody is', () => {
  test.each([
    ['somebody of another workspace in a shared channel', { team_id: 'T0ELSE', is_stranger: true }],
    ['a guest', { is_restricted: true }],
    ['a guest of one channel', { is_ultra_restricted: true }],
    ['whose account was deactivated', { deleted: true }],
    ['a bot that looks like a person', { is_bot: true }],
  ])('%s, whatever name they show', async (_, more) => {
    const bot = await slack.connects();
    const profile = { display_name: 'ana', real_name: 'ana' };
    const eve = slack.double.person('eve', { profile, ...more });
    await slack.double.says(eve, slack.ops, '!reimage builder-01');
    const [heard] = await heardBy(bot, 1);
    expect(heard).toMatchObject({
      sender: { id: undefined, unknown: { because: expect.stringMatching(/./) } },
    });
  });

  test('anybody while Slack does not say who they are; before something changes it is asked anew', async () => {
    const bot = await slack.connects();
    slack.double.fails('users.info', { kind: 'broken', after: false });
    await slack.double.says(slack.ana, slack.ops, '!ops');
    await slack.double.says(slack.ben, slack.ops, '!ops');
    const [first, second] = await heardBy(bot, 2);
    expect(first).toMatchObject({
      sender: { id: undefined, unknown: { because: expect.stringMatching(/did not say/) } },
    });
    if (second?.kind !== 'message') throw new Error('no message');
    expect(second.sender.id).toBe(`T0HOME:${slack.ben.id}`);
    slack.double.workspace.users.set(slack.ben.id, { ...slack.ben, deleted: true });
    expect(await second.sender.anew?.()).toMatchObject({ id: undefined });
  });

  test('another bot or a webhook: it gets no answer, and that it tried is told', async () => {
    const bot = await slack.connects();
    await slack.double.botSays(slack.ops, '!reimage builder-01');
    expect(await heardBy(bot, 1)).toMatchObject([
      {
        sender: { id: undefined },
        refused: { because: expect.stringMatching(/webhooks/), quietly: true },
      },
    ]);
  });
});

describe('an edit', () => {
  test('makes no command of an old message', async () => {
    const bot = await slack.connects();
    const { message } = await slack.double.says(slack.ana, slack.ops, 'good morning');
    await slack.double.edits(message, slack.ops, '!reimage builder-01');
    const [heard] = await heardBy(bot, 1);
    expect(heard).toMatchObject({
      text: '!reimage builder-01',
      sender: { id: `T0HOME:${slack.ana.id}` },
      refused: { because: expect.stringMatching(/edited/) },
    });
  });

  test('that Slack makes to show a preview is none', async () => {
    const bot = await slack.connects();
    const { message } = await slack.double.says(slack.ana, slack.ops, '!status');
    await slack.double.edits(message, slack.ops, '!status');
    await slack.double.says(slack.ana, slack.ops, '!ops');
    const heard = await heardBy(bot, 2);
    expect(heard.map((one) => one.kind === 'message' && one.text)).toEqual(['!status', '!ops']);
  });
});

describe('an answer to a question', () => {
  test('is a reaction, given and taken back, whatever the skin', async () => {
    const bot = await slack.connects();
    const ref = await bot.network.post(prompt('may it?'));
    const [message] = slack.said();
    if (message === undefined) throw new Error('nothing was said');
    await slack.double.reacts(slack.ben, slack.ops, message, '+1::skin-tone-3');
    await slack.double.unreacts(slack.ben, slack.ops, message, '+1::skin-tone-3');
    const heard = await heardBy(bot, 2);
    expect(heard).toMatchObject([
      { kind: 'reaction', on: ref, emoji: '👍', change: 'added', sender: { shown: 'ben' } },
      { kind: 'reaction', on: ref, emoji: '👍', change: 'removed', sender: { shown: 'ben' } },
    ]);
  });

  test('is a button, each press with an id of its own, brought twice or not', async () => {
    const bot = await slack.connects();
    const ref = await bot.network.post(prompt('may it?'));
    const [message] = slack.said();
    if (message === undefined) throw new Error('nothing was said');
    await slack.double.presses(slack.ben, slack.ops, message, 0);
    await slack.double.presses(slack.ben, slack.ops, message, 0);
    await slack.double.presses(slack.ana, slack.ops, message, 1);
    const heard = await heardBy(bot, 3);
    expect(heard).toMatchObject([
      { kind: 'reaction', on: ref, emoji: '👍', change: 'added', sender: { shown: 'ben' } },
      { kind: 'reaction', on: ref, emoji: '👍', change: 'added', sender: { shown: 'ben' } },
      { kind: 'reaction', on: ref, emoji: '👎', pressed: true, sender: { shown: 'ana' } },
    ]);
    const ids = heard.map((one) => one.kind === 'reaction' && one.ref.id);
    expect(new Set(ids).size).toBe(3);
  });

  test('is called the same when it is read as when it was heard, and given again it is another one', async () => {
    const memory = memoryChatMemory();
    const bot = await slack.connects({ memory });
    const ref = await bot.network.post(prompt('may it?'));
    const [message] = slack.said();
    if (message === undefined) throw new Error('nothing was said');
    const idNow = async (network = bot.network) =>
      (await network.reactionsOn?.(ref))?.map((one) => one.ref.id);
    await slack.double.reacts(slack.ben, slack.ops, message, '+1');
    await heardBy(bot, 1);
    const first = await idNow();
    await slack.double.unreacts(slack.ben, slack.ops, message, '+1');
    await slack.double.reacts(slack.ben, slack.ops, message, '+1');
    const heard = await heardBy(bot, 3);
    const ids = heard.map((one) => one.kind === 'reaction' && one.ref.id);
    expect(first).toEqual([ids[0]]);
    expect(await idNow()).toEqual([ids[2]]);
    expect(new Set(ids).size).toBe(3);
    expect(heard.map((one) => one.kind === 'reaction' && one.change)).toEqual([
      'added',
      'removed',
      'added',
    ]);
    const next = await slack.connects({ memory });
    expect(await idNow(next.network)).toEqual([ids[2]]);
  });

  test('is none under a message of somebody else that quotes it, and neither are the signs that we put there', async () => {
    const bot = await slack.connects();
    await bot.network.post(prompt('may it?'));
    const { message } = await slack.double.says(slack.ana, slack.ops, '> may it?');
    await slack.double.reacts(slack.ben, slack.ops, message, '+1');
    const [asked] = slack.said();
    if (asked === undefined) throw new Error('nothing was said');
    await until(() => asked.reactions.size === 2);
    expect([...asked.reactions.keys()]).toEqual(['+1', '-1']);
    await slack.double.says(slack.ana, slack.ops, '!ops');
    expect(await heardBy(bot, 1)).toMatchObject([{ kind: 'message' }]);
  });

  test('can be read again with who gave it', async () => {
    const bot = await slack.connects();
    const ref = await bot.network.post(prompt('may it?'));
    const [message] = slack.said();
    if (message === undefined) throw new Error('nothing was said');
    const guest = slack.double.person('gus', { is_restricted: true });
    await slack.double.reacts(slack.ben, slack.ops, message, '+1');
    await slack.double.reacts(guest, slack.ops, message, '-1');
    const read = async () => {
      const standing = (await bot.network.reactionsOn?.(ref)) ?? [];
      return standing.map(({ sender, emoji }) => [sender.shown, sender.id !== undefined, emoji]);
    };
    await until(() => message.reactions.get('-1')?.size === 2);
    expect(await read()).toEqual([
      ['ben', true, '👍'],
      ['gus', false, '👎'],
    ]);
    await slack.double.unreacts(slack.ben, slack.ops, message, '+1');
    expect(await read()).toEqual([['gus', false, '👎']]);
    expect(await bot.network.reactionsOn?.({ channel: '#ops', id: `${slack.ops.id}/1.1` })).toEqual(
      [],
    );
  });
});
