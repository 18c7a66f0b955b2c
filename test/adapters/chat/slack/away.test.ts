import { describe, expect, test } from 'vitest';
import { awayNow } from '../../../../src/adapters/chat/slack/slack-failure.ts';
import { memoryChatMemory } from '../../../../src/adapters/simulated/memory-chat-memory.ts';
import { until } from '../../../until.ts';
import { atSlack, heardBy, outgoing, prompt } from './at-slack.ts';
import { awayMemory } from './away-memory.ts';

const slack = atSlack(async () => ({ ackWithinMs: 1_000 }));
const sockets = () => slack.double.deliveries.sockets;

describe('what Slack brings more than once', () => {
  test('counts once: the line was cut before it could be acknowledged', async () => {
    const bot = await slack.connects();
    slack.double.deliveries.cutAfterNext();
    const { acked } = await slack.double.says(slack.ana, slack.ops, '!reimage builder-01');
    await until(() => sockets().size > 0);
    const said = slack.double.events.at(-1);
    if (said === undefined) throw new Error('nothing was delivered');
    expect((await slack.double.deliver('events_api', said)).acked).toBe(true);
    expect((await slack.double.deliver('events_api', said)).acked).toBe(true);
    await slack.double.says(slack.ana, slack.ops, '!ops');
    await until(() => bot.heard.some((one) => one.kind === 'message' && one.text === '!ops'));
    const typed = bot.heard.flatMap((one) => (one.kind === 'message' ? [one.text] : []));
    expect(typed).toEqual(['!reimage builder-01', '!ops']);
    expect([true, false]).toContain(acked);
  });

  test('is not acknowledged while it cannot be kept, so that it comes again', async () => {
    const { memory, comesBack } = awayMemory();
    const bot = await slack.connects({ memory });
    const typed = await slack.double
      .types(slack.ana, slack.ops, '/signalbox', 'ops')
      .catch(() => undefined);
    expect(typed?.acked).toBe(false);
    expect(bot.heard).toEqual([]);
    comesBack();
    const said = slack.double.says(slack.ana, slack.ops, '!ops');
    expect((await said).acked).toBe(true);
    expect(await heardBy(bot, 1)).toHaveLength(1);
  });

  test('was kept when the bot died: the next one deals with it, once', async () => {
    const memory = memoryChatMemory();
    const never = new Promise<void>(() => undefined);
    const one = await slack.connects({ memory, take: () => never });
    await slack.double.says(slack.ana, slack.ops, '!reimage builder-01');
    await heardBy(one, 1);
    expect(await memory.waiting()).toHaveLength(1);
    const two = await slack.connects({ memory });
    expect(await heardBy(two, 1)).toMatchObject([
      { kind: 'message', text: '!reimage builder-01', sender: { id: `T0HOME:${slack.ana.id}` } },
    ]);
    expect(two.heard[0]).not.toHaveProperty('refused');
    await until(async () => (await memory.waiting()).length === 0);
    const three = await slack.connects({ memory });
    expect(three.heard).toEqual([]);
  });

  test('is brought again after its answer could not be posted', async () => {
    const memory = memoryChatMemory();
    let tries = 0;
    const bot = await slack.connects({
      memory,
      take: async () => {
        tries += 1;
        if (tries < 3) throw awayNow('#ops', 'there is no connection just now', 'none');
      },
    });
    await slack.double.says(slack.ana, slack.ops, '!ops');
    await until(async () => tries === 3 && (await memory.waiting()).length === 0);
    expect(await heardBy(bot, 3)).toHaveLength(3);
  });

  test('and was kept before the store was accepted is not run: it may have been done', async () => {
    const memory = memoryChatMemory();
    const never = new Promise<void>(() => undefined);
    const one = await slack.connects({ memory, take: () => never });
    await slack.double.says(slack.ana, slack.ops, '!reimage builder-01');
    await heardBy(one, 1);
    const at = Date.now();
    const two = await slack.connects({ memory: { ...memory, acceptedAt: async () => at } });
    const because = 'that came before the store was accepted, and may have been done';
    expect(await heardBy(two, 1)).toMatchObject([{ refused: { because } }]);
  });

  test('and is a command that waited too long is not run any more; an answer still counts', async () => {
    const memory = memoryChatMemory();
    const late = Date.now() - 11 * 60_000;
    const bot = await slack.connects();
    await bot.network.post(prompt('may it?'));
    const [asked] = slack.said();
    if (asked === undefined) throw new Error('nothing was said');
    await slack.double.says(slack.ana, slack.ops, '!reimage builder-01');
    await slack.double.reacts(slack.ben, slack.ops, asked, '+1');
    await heardBy(bot, 2);
    await bot.network.stop();
    const byPeople = slack.double.events
      .map((body) => body as { readonly event_id: string; readonly event: { user: string } })
      .filter(({ event }) => event.user !== slack.double.workspace.bot.id);
    expect(byPeople).toHaveLength(2);
    for (const body of byPeople) {
      const { event_id } = body;
      await memory.takeIn(`event ${event_id}`, JSON.stringify({ at: late, body }));
    }
    const next = await slack.connects({ memory });
    const heard = await heardBy(next, 2);
    const command = heard.find((one) => one.kind === 'message');
    expect(command).toMatchObject({ refused: { because: expect.stringMatching(/too old/) } });
    expect(heard.find((one) => one.kind === 'reaction')).toMatchObject({ emoji: '👍' });
  });

  test('and was kept by somebody who wrote nonsense is thrown away', async () => {
    const memory = memoryChatMemory();
    await memory.takeIn('event Ev1', 'no JSON');
    await memory.takeIn('event Ev2', '{"at":1,"body":{"type":"event_callback"}}');
    const bot = await slack.connects({ memory });
    expect(await memory.waiting()).toEqual([]);
    expect(bot.heard).toEqual([]);
  });
});

describe('while the line to Slack is away', () => {
  test('what is said waits a moment, then fails, and is said once it is back, after the word that it is', async () => {
    const bot = await slack.connects({ awayMs: 200 });
    await bot.network.post(outgoing('before'));
    slack.double.takesSockets(false);
    await until(() => bot.log.some((line) => line.startsWith('the connection ended')));
    const waiting = bot.network.post(outgoing('meanwhile')).then(
      () => 'said',
      ({ code, effect }) => `${code} ${effect}`,
    );
    expect(await waiting).toBe('slack.away none');
    slack.double.takesSockets(true);
    await until(() => bot.heard.length === 1);
    expect(bot.heard).toEqual([{ kind: 'returned', awayMs: expect.any(Number) }]);
    await bot.network.post(outgoing('meanwhile'));
    expect(slack.said().map(({ text }) => text)).toEqual(['before', 'meanwhile']);
    expect(bot.log.filter((line) => /no connection/.test(line))).toHaveLength(1);
  });

  test('the word that it is back goes first', async () => {
    const back = Promise.withResolvers<void>();
    const bot = await slack.connects({
      take: async (incoming) => (incoming.kind === 'returned' ? back.promise : undefined),
    });
    await bot.network.post(outgoing('before'));
    slack.double.cutSockets();
    await until(() => bot.heard.length === 1);
    const later = bot.network.post(prompt('later?'));
    await bot.network.post(outgoing('back after 1 s'));
    back.resolve();
    await later;
    expect(slack.said().map(({ text }) => text)).toEqual(['before', 'back after 1 s', 'later?']);
  });

  test('an answer waits longer, and holds up nothing else', async () => {
    const back = Promise.withResolvers<void>();
    const bot = await slack.connects({
      awayMs: 50,
      take: async (incoming) => (incoming.kind === 'returned' ? back.promise : undefined),
    });
    slack.double.takesSockets(false);
    await until(() => bot.log.some((line) => line.startsWith('the connection ended')));
    const answer = bot.network.post(outgoing('an answer', { as: 'reply' }));
    const meanwhile = outgoing('meanwhile', { as: 'progress' });
    await expect(bot.network.post(meanwhile)).rejects.toMatchObject({
      code: 'slack.away',
    });
    slack.double.takesSockets(true);
    await until(() => bot.heard.length === 1);
    await bot.network.post(outgoing('back after 1 s'));
    back.resolve();
    await answer;
    expect(slack.said().map(({ text }) => text)).toEqual(['back after 1 s', 'an answer']);
  });

  test('what was pressed can be read afterwards', async () => {
    const bot = await slack.connects();
    const ref = await bot.network.post(prompt('may it?'));
    const [message] = slack.said();
    if (message === undefined) throw new Error('nothing was said');
    slack.double.takesSockets(false);
    await until(() => sockets().size === 0);
    expect((await slack.double.reacts(slack.ben, slack.ops, message, '+1')).acked).toBe(false);
    slack.double.takesSockets(true);
    await until(() => bot.heard.length === 1);
    expect(await bot.network.reactionsOn?.(ref)).toMatchObject([
      { emoji: '👍', sender: { id: `T0HOME:${slack.ben.id}` } },
    ]);
  });

  test('Slack may ask for another connection, and nothing is missed', async () => {
    const bot = await slack.connects();
    slack.double.asksForAnotherSocket('refresh_requested');
    await until(() => sockets().size === 1);
    expect((await slack.double.says(slack.ana, slack.ops, '!ops')).acked).toBe(true);
    await until(() => bot.heard.some(({ kind }) => kind === 'message'));
  });

  test('it is tried again however it fails, and a token that is not taken any more ends nothing', async () => {
    const unhandled: unknown[] = [];
    const note = (problem: unknown) => unhandled.push(problem);
    process.on('unhandledRejection', note);
    const bot = await slack.connects();
    slack.double.fails(
      'apps.connections.open',
      { kind: 'refused', error: 'invalid_auth' },
      { kind: 'broken', after: false },
      { kind: 'refused', error: 'internal_error' },
    );
    slack.double.cutSockets();
    await until(() => bot.heard.some(({ kind }) => kind === 'returned'));
    expect((await slack.double.says(slack.ana, slack.ops, '!ops')).acked).toBe(true);
    expect(bot.log.some((line) => line.includes('invalid_auth'))).toBe(true);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  test('from the beginning: the bot comes when Slack does', async () => {
    slack.double.fails(
      'auth.test',
      { kind: 'broken', after: false },
      { kind: 'refused', error: 'ratelimited' },
    );
    const bot = await slack.connects();
    expect((await slack.double.says(slack.ana, slack.ops, '!ops')).acked).toBe(true);
    expect(await heardBy(bot, 1)).toHaveLength(1);
    expect(bot.log[0]).toMatch(/Slack did not answer who we are/);
  });
});

test('a bot that stops says nothing more, keeps what comes, and can start again', async () => {
  const bot = await slack.connects();
  await bot.network.stop();
  await expect(bot.network.post(outgoing('too late'))).rejects.toMatchObject({
    code: 'slack.stopped',
  });
  await until(() => sockets().size === 0);
  await bot.network.start(async () => undefined);
  await until(() => sockets().size === 1);
  await bot.network.post(outgoing('again'));
  expect(slack.said()).toMatchObject([{ text: 'again' }]);
});
