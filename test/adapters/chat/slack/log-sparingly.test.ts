import { expect, test } from 'vitest';
import { logSparingly } from '../../../../src/adapters/chat/slack/log-sparingly.ts';

/** What is logged of so many lines at once, and of one a minute later. */
function logged(count: number): readonly string[] {
  const lines: string[] = [];
  let now = 0;
  const log = logSparingly(
    (line) => lines.push(line),
    () => now,
  );
  for (let nth = 1; nth <= count; nth += 1) log(`line ${nth}`);
  now = 60_000;
  log('a minute later');
  return lines;
}

const FIVE = [1, 2, 3, 4, 5].map((nth) => `line ${nth}`);

test('of a flood five lines a minute are logged, and then how many were not', () => {
  const leftOut = '35 more of such lines were left out';
  expect(logged(40)).toEqual([...FIVE, leftOut, 'a minute later']);
});

test('five lines in a minute are nothing that is left out', () => {
  expect(logged(5)).toEqual([...FIVE, 'a minute later']);
});
