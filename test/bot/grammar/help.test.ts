import { expect, test } from 'vitest';
import { commandList, longHelp } from '../../../src/bot/grammar/help.ts';
import { usage } from '../../../src/bot/grammar/usage.ts';
import { lock, rehearse, reimage, show } from './example-grammar.ts';

test.each([
  [reimage, '!reimage targets [image=…] [--force]'],
  [lock, '!lock target reason… [until=…]'],
  [rehearse, '!rehearse command… [fail-at=…]'],
  [show, '!show op [part]'],
])('usage is one line', (spec, line) => {
  expect(usage(spec)).toBe(line);
});

test('the list has the commands it was given, by name', () => {
  expect(commandList([show, lock])).toEqual([
    '!lock · locks hosts by hand',
    '!show · shows an operation',
  ]);
});

test('long help explains every argument and ends with examples', () => {
  expect(longHelp(reimage, '.')).toEqual([
    '.reimage targets [image=…] [--force]',
    'reinstalls hosts from an image · destructive',
    'also typed as .reinstall',
    'targets: hosts or a pool such as builder-[01-03] or @builders',
    'image=…: an image such as f43-builder · may be left out',
    '--force: also hosts in quarantine',
    'for example: .reimage builder-07',
    'for example: .reimage @builders image=f43-builder',
  ]);
});

test('words that are accepted are listed', () => {
  expect(longHelp(show)).toContain('part: what to show (plan, journal) · may be left out');
});
