import { beforeEach, expect, it } from 'vitest';
import { joinReads } from '../../../src/adapters/directory/join-reads.ts';

let begun: PromiseWithResolvers<string>[];
let ask: () => Promise<string>;

beforeEach(() => {
  begun = [];
  ask = joinReads(() => {
    const reading = Promise.withResolvers<string>();
    begun.push(reading);
    return reading.promise;
  });
});

const soon = () => new Promise((resolve) => setImmediate(resolve));

it('reads once for all that ask at the same time', async () => {
  const answers = [ask(), ask(), ask()];
  await soon();
  expect(begun).toHaveLength(1);
  begun[0]?.resolve('first');
  expect(await Promise.all(answers)).toEqual(['first', 'first', 'first']);
});

it('gives nobody what was read before they asked', async () => {
  const early = ask();
  await soon();
  const late = [ask(), ask()];
  begun[0]?.resolve('old');
  expect(await early).toBe('old');
  await soon();
  expect(begun).toHaveLength(2);
  begun[1]?.resolve('new');
  expect(await Promise.all(late)).toEqual(['new', 'new']);
});

it('reads again after a reading that failed', async () => {
  const failing = ask();
  await soon();
  begun[0]?.reject(new Error('gone'));
  await expect(failing).rejects.toThrow('gone');
  const again = ask();
  await soon();
  begun[1]?.resolve('back');
  expect(await again).toBe('back');
});
