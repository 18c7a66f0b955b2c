import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playHistory } from './twin/history.ts';
import { seededNumbers } from './twin/seeded-numbers.ts';
import type { Besides } from './twin/twin-world.ts';

/** `npm run faults:twin` plays more of them; TWIN_SEED replays one. */
const { TWIN_SEED, TWIN_FIRST = '1', TWIN_HISTORIES = '300' } = process.env;
const first = Number(TWIN_SEED ?? TWIN_FIRST);
const last = TWIN_SEED === undefined ? first + Number(TWIN_HISTORIES) - 1 : first;

/** Each was a mistake in the engine or in the store once. */
const TELLING = [42, 79, 106, 194, 400, 821, 1439];

const MOST_CHOICE = 0xffff;
const MOST_CHOICES = 600;

describe('the engine, whatever happens in whatever order', () => {
  it.each(TELLING)('comes through history %i, which once showed a mistake', async (seed) => {
    await comesThrough(seed);
  });

  it('loses nothing, does nothing twice, and finds an end for everything', async () => {
    for (let seed = first; seed <= last; seed += 1) await comesThrough(seed);
  }, 3_600_000);

  it('does so when people take hosts from operations', async () => {
    for (let seed = first; seed <= last; seed += 3) await comesThrough(seed, { takeovers: true });
  }, 3_600_000);

  it('does so when people freeze the zone and take hosts out of service', async () => {
    for (let seed = first; seed <= last; seed += 3) await comesThrough(seed, { freezes: true });
  }, 3_600_000);

  it('does so when several are approved at once and the build system is slow', async () => {
    for (let seed = first; seed <= last; seed += 3) await comesThrough(seed, { rush: true });
  }, 3_600_000);

  it('does so by whatever choices, of which the fewest that show a mistake are told', async () => {
    const choices = fc.array(fc.nat(MOST_CHOICE), { maxLength: MOST_CHOICES, size: 'max' });
    const ways = fc.constantFrom<Besides>(
      {},
      { takeovers: true },
      { freezes: true },
      { rush: true },
    );
    const property = fc.asyncProperty(choices, ways, async (numbers, besides) => {
      const { violations, log } = await playHistory(numbers, besides);
      expect(violations, log.join('\n')).toEqual([]);
    });
    await fc.assert(property, { numRuns: Math.ceil((last - first + 1) / 3) });
  }, 3_600_000);
});

async function comesThrough(seed: number, besides: Besides = {}): Promise<void> {
  const { violations, log } = await playHistory(seededNumbers(seed), besides);
  expect(violations, [`seed ${seed}`, ...log].join('\n')).toEqual([]);
}
