import { expect, test } from 'vitest';
import { logSparingly } from '../../../../src/adapters/chat/slack/log-sparingly.ts';

test('of a flood five lines a minute are logged, and then how many were not', () => {
  const lines: string[] = [];
  let now = 0;
  const log = logSparingly(
    (line) => lines.push(line),
    () => now,
  );
  for (let nth = 1; nth <= 40; nth += 1) log(`line ${nth}`);
  expect(lines).toEqual([1, 2, 3, 4, 5].map((nth) => `line ${nth}`));
  now = 60_000;
  log('a minute later');
  expect(lines.slice(5)).toEqual(['35 more of such lines were left out', 'a minute later']);
});

test('five lines in a minute are nothing that is left out', () => {
  const lines: string[] = [];
  let now = 0;
  const log = logSparingly(
    (line) => lines.push(line),
    () => now,
  );
  for (let nth = 1; nth <= 5; nth += 1) log(`line ${nth}`);
  now = 60_000;
  log('a minute later');
  expect(lines).toHaveLength(6);
});
