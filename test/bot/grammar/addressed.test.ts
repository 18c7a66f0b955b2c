import { expect, test } from 'vitest';
import { addressed } from '../../../src/bot/grammar/addressed.ts';

const callsign = { prefix: '!', names: ['signalbox', '<@U07>'] };

test.each([
  ['!status', 'prefix', 'status'],
  ['  !status', 'prefix', 'status'],
  ['signalbox: status', 'mention', 'status'],
  ['Signalbox, status', 'mention', 'status'],
  ['@signalbox status', 'mention', 'status'],
  ['@signalbox: !status', 'mention', 'status'],
  ['<@U07> status', 'mention', 'status'],
  ['!état', 'prefix', 'état'],
])('%j is for the bot', (line, by, command) => {
  const found = addressed(line, callsign);
  expect(found?.by).toBe(by);
  expect(line.slice(found?.from)).toBe(command);
});

test.each([
  '!',
  '!!!',
  '!!status',
  '! status',
  '!?',
  '!1',
  '',
  'status',
  'well, !status',
  'signalbox status is green',
  'signalbox:',
  '@signalbox',
  '@signalbox :)',
  'signalboxes: status',
])('%j is talk', (line) => {
  expect(addressed(line, callsign)).toBeUndefined();
});

test('another prefix takes the place of the first', () => {
  expect(addressed('.status', { prefix: '.', names: [] })).toEqual({ by: 'prefix', from: 1 });
  expect(addressed('!status', { prefix: '.', names: [] })).toBeUndefined();
});
