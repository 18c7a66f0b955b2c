import { describe, expect, test } from 'vitest';
import { PATH } from '../../../../src/adapters/chat/slack/receive-http.ts';
import { memoryChatMemory } from '../../../../src/adapters/simulated/memory-chat-memory.ts';
import { freePort } from '../../../free-port.ts';
import type { Delivered } from '../../../slack/deliveries.ts';
import { atSlack, heardBy, outgoing, prompt } from './at-slack.ts';
import { awayMemory } from './away-memory.ts';

let listen = '';
const slack = atSlack(async () => {
  listen = `127.0.0.1:${await freePort()}`;
  return { requestUrl: `http://${listen}${PATH}` };
});

async function connects(memory = memoryChatMemory()) {
  const way = { kind: 'http', listen, signingSecretFile: undefined } as const;
  const bot = await slack.connects({ way, memory });
  await bot.network.post(outgoing('here'));
  return bot;
}

/** Ana types it. Gives the event as it was delivered. */
async function saidOnce(text: string): Promise<object> {
  await slack.double.says(slack.ana, slack.ops, text);
  const event = slack.double.events.at(-1);
  if (event === undefined) throw new Error('nothing was delivered');
  return event;
}

test('events, commands and presses come as requests that Slack signed', async () => {
  const bot = await connects();
  await slack.double.says(slack.ana, slack.ops, '!status builder-07.example.org');
  const typed = await slack.double.types(slack.ana, slack.ops, '/signalbox', 'ops');
  const ref = await bot.network.post(prompt('may it?'));
  const asked = slack.said().at(-1);
  if (asked === undefined) throw new Error('nothing was said');
  await slack.double.presses(slack.ben, slack.ops, asked, 0);
  await slack.double.reacts(slack.ben, slack.ops, asked, '-1');
  expect(await heardBy(bot, 4)).toMatchObject([
    { kind: 'message', text: '!status builder-07.example.org' },
    { kind: 'message', text: '!ops' },
    { kind: 'reaction', on: ref, emoji: '👍', sender: { id: `T0HOME:${slack.ben.id}` } },
    { kind: 'reaction', on: ref, emoji: '👎' },
  ]);
  expect(typed).toMatchObject({ status: 200, response: { response_type: 'in_channel' } });
});

test('one that is forged is refused and nothing but a line of the log, however often it comes', async () => {
  const bot = await connects();
  const { request } = slack.double.deliveries;
  const body = await saidOnce('!reimage builder-01');
  await heardBy(bot, 1);
  for (let nth = 0; nth < 20; nth += 1) {
    const skewS = nth % 2 === 0 ? 0 : -3_600;
    expect((await request('events_api', body, { forged: true, skewS })).status).toBe(401);
  }
  await slack.double.says(slack.ana, slack.ops, '!ops');
  expect(await heardBy(bot, 2)).toHaveLength(2);
  expect(bot.log.filter((line) => /Failed to parse and verify/.test(line))).toHaveLength(5);
});

test('what nobody signed hides no line about what Slack brought', async () => {
  const bot = await connects(awayMemory().memory);
  const { request } = slack.double.deliveries;
  for (let nth = 0; nth < 6; nth += 1) await request('events_api', {}, { forged: true });
  const typed = await slack.double.types(slack.ana, slack.ops, '/signalbox', 'ops');
  expect(typed.status).toBe(503);
  expect(bot.log).toContain('not acknowledged, so it comes again: the store is away');
});

test.each([
  [
    -301,
    'Slack signed the request 5 min ago: somebody may be sending it again, or a clock is wrong',
  ],
  [
    -86_400,
    'Slack signed the request 1440 min ago: somebody may be sending it again, or a clock is wrong',
  ],
  [302, 'Slack signed the request for 5 min from now: a clock is wrong'],
])(
  'one that was signed for %i s from now is refused, and told with who and why',
  async (skewS, because) => {
    const bot = await connects();
    const { request } = slack.double.deliveries;
    const body = await saidOnce('!reimage builder-01');
    await heardBy(bot, 1);
    expect((await request('events_api', { ...body, event_id: 'EvOTHER' }, { skewS })).status).toBe(
      401,
    );
    const [, told] = await heardBy(bot, 2);
    expect(told).toMatchObject({
      kind: 'message',
      text: '!reimage builder-01',
      sender: { id: `T0HOME:${slack.ana.id}` },
      refused: { because, quietly: true },
    });
    expect(bot.log).toContain(`refused: ${because}`);
    // When Slack brings it again in time, it counts.
    expect((await request('events_api', { ...body, event_id: 'EvOTHER' })).status).toBe(200);
    expect((await heardBy(bot, 3)).at(-1)).not.toHaveProperty('refused');
  },
);

describe('one that comes once more, byte for byte,', () => {
  const replayed = async (sent: Promise<Delivered>, headers = {}) => {
    const { status } = await slack.double.deliveries.replay(await sent, headers);
    return status;
  };
  const REPLAYED =
    'the same request came before: somebody may have kept it and be sending it again';
  const refused = { because: REPLAYED, quietly: true };

  test('is refused, and told with who it was: a command, a press, a reaction and its end', async () => {
    const bot = await connects();
    const ref = await bot.network.post(prompt('may it?'));
    const asked = slack.said().at(-1);
    if (asked === undefined) throw new Error('nothing was said');
    const { ana, ben, ops, double } = slack;
    expect(await replayed(double.types(ana, ops, '/signalbox', 'reimage builder-01'))).toBe(401);
    expect(await replayed(double.presses(ben, ops, asked, 0))).toBe(401);
    expect(await replayed(double.reacts(ben, ops, asked, '+1'))).toBe(401);
    expect(await replayed(double.unreacts(ben, ops, asked, '+1'))).toBe(401);
    const heard = await heardBy(bot, 8);
    expect(heard.filter((one) => !('refused' in one))).toHaveLength(4);
    const told = heard.filter((one) => 'refused' in one);
    const sender = { id: `T0HOME:${ben.id}` };
    expect(told).toMatchObject([
      { kind: 'message', text: '!reimage builder-01', sender: { shown: 'ana' }, refused },
      { kind: 'reaction', on: ref, emoji: '👍', pressed: true, sender, refused },
      { kind: 'reaction', on: ref, emoji: '👍', change: 'added', sender, refused },
      { kind: 'reaction', on: ref, emoji: '👍', change: 'removed', sender, refused },
    ]);
  });

  test('is refused with its signature or its time written in another way', async () => {
    const bot = await connects();
    const { double } = slack;
    const sent = await double.types(slack.ana, slack.ops, '/signalbox', 'ops');
    const { 'x-slack-signature': signature, 'x-slack-request-timestamp': timestamp } =
      sent.sent?.headers ?? {};
    const { replay } = double.deliveries;
    const signed = await replay(sent, { 'x-slack-signature': `${signature}=1` });
    const timed = await replay(sent, { 'x-slack-request-timestamp': `0${timestamp}` });
    expect([signed.status, timed.status]).toEqual([401, 401]);
    expect(await heardBy(bot, 3)).toMatchObject([{ kind: 'message' }, { refused }, { refused }]);
  });

  test('is no refusal where Slack brings an event again; it counts once', async () => {
    const bot = await connects();
    const again = { 'x-slack-retry-num': '1' };
    const { double, ana, ops } = slack;
    expect(await replayed(double.says(ana, ops, '!status'), again)).toBe(200);
    expect(await replayed(double.types(ana, ops, '/signalbox', 'ops'), again)).toBe(401);
    const heard = await heardBy(bot, 3);
    expect(heard.map((one) => one.kind === 'message' && [one.text, 'refused' in one])).toEqual([
      ['!status', false],
      ['!ops', false],
      ['!ops', true],
    ]);
  });

  test('is taken where it was not taken the first time', async () => {
    const { memory, comesBack } = awayMemory();
    const bot = await connects(memory);
    const sent = slack.double.types(slack.ana, slack.ops, '/signalbox', 'ops');
    expect((await sent).status).toBe(503);
    comesBack();
    expect(await replayed(sent)).toBe(200);
    expect(await replayed(sent)).toBe(401);
    expect(await heardBy(bot, 2)).toMatchObject([{ text: '!ops' }, { text: '!ops', refused }]);
  });
});

test('what somebody wrote is no command of somebody else because it is sent again as a form', async () => {
  const { memory, comesBack } = awayMemory();
  const bot = await connects(memory);
  const { ana, ben, ops, double } = slack;
  const ids = `trigger_id=T1&team_id=T0HOME&channel_id=${ops.id}&user_id=${ben.id}`;
  const sent = double.says(ana, ops, `!status &command=/signalbox&text=ops&${ids}&`);
  expect((await sent).status).toBe(503);
  comesBack();
  const { replay } = double.deliveries;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await replay(await sent, form)).status).toBe(400);
  expect((await replay(await sent)).status).toBe(200);
  expect(await heardBy(bot, 1)).toMatchObject([{ sender: { id: `T0HOME:${ana.id}` } }]);
  expect((await replay(await sent, form)).status).toBe(400);
  expect(bot.heard).toHaveLength(1);
});

test('what is too large, no JSON, unsigned or elsewhere gets no further', async () => {
  const bot = await connects();
  const { request } = slack.double.deliveries;
  const url = `http://${listen}${PATH}`;
  expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401);
  expect((await fetch(url)).status).toBe(404);
  expect((await fetch(`http://${listen}/`, { method: 'POST', body: '{}' })).status).toBe(404);
  const smuggled = new URLSearchParams({
    ssl_check: '1',
    payload: JSON.stringify({ command: '/signalbox', text: 'ops', trigger_id: 'T' }),
  });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const asked = await fetch(url, { method: 'POST', body: smuggled.toString(), headers: form });
  expect(asked.status).toBe(200);
  expect((await request('events_api', { text: 'x'.repeat(2_000_000) })).acked).toBe(false);
  expect(bot.heard).toEqual([]);
});

test('Slack may ask whether the address is ours', async () => {
  await connects();
  const asked = await slack.double.deliveries.request('events_api', {
    type: 'url_verification',
    challenge: 'c4f1',
  });
  expect(asked).toMatchObject({ status: 200, response: { challenge: 'c4f1' } });
});

test('before it is known who we are nothing is acknowledged, so that it comes again', async () => {
  slack.double.fails('auth.test', ...Array(200).fill({ kind: 'broken', after: false }));
  const bot = await slack.connects({ way: { kind: 'http', listen, signingSecretFile: undefined } });
  const said = await slack.double.deliveries.request('events_api', { type: 'event_callback' });
  expect(said.status).toBe(503);
  expect(bot.heard).toEqual([]);
});

test('an address that somebody else has is said at once', async () => {
  await connects();
  await expect(
    slack.connects({ way: { kind: 'http', listen, signingSecretFile: undefined } }),
  ).rejects.toMatchObject({
    code: 'slack.cannot-listen',
    message: expect.stringContaining('EADDRINUSE'),
  });
});
