import { describe, expect, it } from 'vitest';
import { inTurn } from '../../../src/program/reload/in-turn.ts';

function gated() {
  const gates: PromiseWithResolvers<number>[] = [];
  const run = inTurn(() => {
    const gate = Promise.withResolvers<number>();
    gates.push(gate);
    return gate.promise;
  });
  return { gates, run };
}

describe('what runs in turn', () => {
  it('is asked for again while it runs: it begins once more, later, for all who asked', async () => {
    const { gates, run } = gated();
    const [first, second, third] = [run(), run(), run()];
    expect(gates).toHaveLength(1);
    gates[0]?.resolve(1);
    expect(await first).toBe(1);
    await expect.poll(() => gates.length).toBe(2);
    gates[1]?.resolve(2);
    expect(await Promise.all([second, third])).toEqual([2, 2]);
    expect(gates).toHaveLength(2);
  });

  it('never runs twice at once, whenever it is asked for', async () => {
    let running = 0;
    let most = 0;
    const run = inTurn(async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
    });
    const asked: Promise<unknown>[] = [];
    for (let turn = 0; turn < 50; turn += 1) {
      asked.push(run());
      await Promise.resolve();
    }
    await Promise.all(asked);
    expect(most).toBe(1);
  });

  it('goes on after one that failed', async () => {
    const { gates, run } = gated();
    const [first, second] = [run(), run()];
    gates[0]?.reject(new Error('no'));
    await expect(first).rejects.toThrow('no');
    await expect.poll(() => gates.length).toBe(2);
    gates[1]?.resolve(2);
    expect(await second).toBe(2);
  });
});
