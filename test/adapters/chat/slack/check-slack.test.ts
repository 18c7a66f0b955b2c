import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkSlack } from '../../../../src/adapters/chat/slack/check-slack.ts';
import type { SlackOptions } from '../../../../src/adapters/chat/slack/slack-options.ts';
import { type SlackDouble, startSlackDouble } from '../../../slack/slack-double.ts';
import { optionsFor } from './connected.ts';

let double: SlackDouble;

beforeEach(async () => {
  double = await startSlackDouble();
  double.channel('ops');
});
afterEach(() => double.stop());

const signal = new AbortController().signal;
const check = (more: Partial<SlackOptions> = {}, of = double) =>
  checkSlack({ ...optionsFor(of, {}, []), ...more }, signal);

test('the check says as whom, how and where the bot is, and connects to nothing', async () => {
  expect(await check()).toBe('Home (T0HOME) let us in as signalbox, by socket; in #ops');
  expect(await check({ channels: ['#ops', '#farm'] })).toBe(
    'Home (T0HOME) let us in as signalbox, by socket; in #ops, but not in #farm: /invite it',
  );
  const way = { kind: 'http', listen: '127.0.0.1:1', signingSecretFile: undefined } as const;
  expect(await check({ way })).toMatch(/by http; in #ops$/);
  expect(double.deliveries.sockets.size).toBe(0);
  expect(double.calls.some(({ method }) => method === 'chat.postMessage')).toBe(false);
});

test('it says what is missing', async () => {
  await expect(check({ team: 'T0ELSE' })).rejects.toMatchObject({ code: 'slack.other-team' });
  const wrong = { read: async () => 'xoxb-wrong' };
  await expect(check({ secrets: wrong })).rejects.toMatchObject({
    code: 'slack.login-refused',
    message: "Slack does not take the bot's token: invalid_auth",
  });
  await expect(check({ botTokenFile: '/nonexistent/bot' })).rejects.toMatchObject({
    code: 'slack.file-unreadable',
    message: 'bot-token-file /nonexistent/bot cannot be read: ENOENT',
  });
  double.fails('auth.test', { kind: 'broken', after: false });
  await expect(check()).rejects.toMatchObject({ code: 'slack.no-answer' });
  double.fails('apps.connections.open', { kind: 'refused', error: 'not_allowed_token_type' });
  await expect(check()).rejects.toMatchObject({
    message: "Slack does not take the app's token: not_allowed_token_type",
  });
});

test('it says which scopes the app lacks', async () => {
  const poor = await startSlackDouble({
    scopes: 'chat:write,channels:history,groups:history,im:history,commands',
  });
  await expect(check({}, poor)).rejects.toMatchObject({
    code: 'slack.scopes-missing',
    message: expect.stringContaining('channels:read, files:write, groups:read, reactions:read'),
  });
  await poor.stop();
});

test('a token may stand in a file, with the line end that editors add', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-slack-'));
  const file = join(folder, 'bot-token');
  writeFileSync(file, 'xoxb-double\n');
  expect(await check({ botTokenFile: file })).toContain('let us in as signalbox');
  rmSync(folder, { recursive: true });
});
