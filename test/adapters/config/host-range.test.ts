import { expect, test } from 'vitest';
import { hostRange } from '../../../src/adapters/config/host-range.ts';

test.each([
  ['web', ['web']],
  ['builder-[08-11]', ['builder-08', 'builder-09', 'builder-10', 'builder-11']],
  ['n[1,3-4]', ['n1', 'n3', 'n4']],
  ['n[8-10].example.org', ['n8.example.org', 'n9.example.org', 'n10.example.org']],
  ['a[1-2],b', ['a1', 'a2', 'b']],
  ['r[1-2]n[1-2]', ['r1n1', 'r1n2', 'r2n1', 'r2n2']],
])('%s stands for its hosts', (text, names) => {
  expect(hostRange(text)).toEqual({ kind: 'hosts', names });
});

test.each([
  ['n[4-2]', '"4-2" runs backwards'],
  ['n[a-c]', '"a-c" is not a range of numbers'],
  ['n[]', '"" is not a range of numbers'],
  ['n[1', '"n[1" has a lone bracket'],
  ['n[1-99999]', 'it stands for more than 20000 hosts'],
  ['n[1-1000][1-1000]', 'it stands for more than 20000 hosts'],
])('%s is malformed', (text, because) => {
  expect(hostRange(text)).toEqual({ kind: 'malformed', because });
});
