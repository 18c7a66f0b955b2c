import { expect, test } from 'vitest';
import { PATH } from '../../../../src/adapters/chat/slack/receive-http.ts';
import { freePort } from '../../../free-port.ts';
import { atSlack, heardBy, outgoing, prompt } from './at-slack.ts';

let listen = '';
const slack = atSlack(async () => {
  listen = `127.0.0.1:${await freePort()}`;
  return { requestUrl: `http://${listen}${PATH}` };
});

async function connects() {
  const bot = await slack.connects({ way: { kind: 'http', listen, signingSecretFile: undefined } });
  await bot.network.post(outgoing('here'));
  return bot;
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

test('one that is forged, stale or of the future is refused, and one that is replayed counts once', async () => {
  const bot = await connects();
  await slack.double.says(slack.ana, slack.ops, '!status');
  const event = slack.double.events.at(-1);
  if (event === undefined) throw new Error('nothing was delivered');
  const { request } = slack.double.deliveries;
  const statusOf = async (how: Parameters<typeof request>[2]) =>
    (await request('events_api', { ...event, event_id: 'EvOTHER' }, how)).status;
  expect(await statusOf({ forged: true })).toBe(401);
  expect(await statusOf({ skewS: -301 })).toBe(401);
  expect(await statusOf({ skewS: 302 })).toBe(401);
  expect((await request('events_api', event)).status).toBe(200);
  await slack.double.says(slack.ana, slack.ops, '!ops');
  const heard = await heardBy(bot, 2);
  expect(heard.map((one) => one.kind === 'message' && one.text)).toEqual(['!status', '!ops']);
  expect(bot.log.filter((line) => /Failed to parse and verify/.test(line))).toHaveLength(2);
  expect(await statusOf({})).toBe(200);
  await heardBy(bot, 3);
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
