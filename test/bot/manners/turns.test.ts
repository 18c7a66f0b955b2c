import { describe, expect, test } from 'vitest';
import { createTurns } from '../../../src/bot/manners/turns.ts';

/** Work that goes on until it is let go. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, open: resolve };
}

describe('turns', () => {
  test('serve whoever came last before the rest of a long list', async () => {
    const turn = createTurns(1);
    const done: string[] = [];
    const first = gate();
    const all = [turn('ana', first.work)];
    for (let nth = 1; nth <= 5; nth += 1) {
      all.push(turn('ana', async () => void done.push(`ana ${nth}`)));
    }
    all.push(turn('ben', async () => void done.push('ben')));
    first.open();
    await Promise.all(all);
    expect(done.slice(0, 2)).toContain('ben');
    expect(done.filter((one) => one !== 'ben')).toEqual([1, 2, 3, 4, 5].map((nth) => `ana ${nth}`));
  });

  test('serve some at once, and nobody twice at once', async () => {
    const turn = createTurns(2);
    const begun: string[] = [];
    const [one, two] = [gate(), gate()];
    const begin =
      (who: string, { work }: { work: () => Promise<void> }) =>
      async () => {
        begun.push(who);
        await work();
      };
    const all = [turn('ana', begin('ana 1', one)), turn('ana', begin('ana 2', two))];
    all.push(turn('ben', begin('ben', two)), turn('cat', begin('cat', two)));
    expect(begun).toEqual(['ana 1', 'ben']);
    one.open();
    two.open();
    await Promise.all(all);
    expect(begun.toSorted()).toEqual(['ana 1', 'ana 2', 'ben', 'cat']);
  });

  test('go on after one that failed, which fails for whoever waits for it', async () => {
    const turn = createTurns(1);
    const failed = turn('ana', () => Promise.reject(new Error('broken')));
    const next = turn('ana', async () => undefined);
    await expect(failed).rejects.toThrow('broken');
    await expect(next).resolves.toBeUndefined();
  });
});
