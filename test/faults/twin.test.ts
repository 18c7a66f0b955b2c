import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playHistory } from './twin/history.ts';

/** More of them by `npm run faults:twin`. */
const HISTORIES = Number(process.env.TWIN_HISTORIES ?? 300);
const SEED = process.env.TWIN_SEED === undefined ? undefined : Number(process.env.TWIN_SEED);

const history = fc.array(fc.nat({ max: 0xffff }), { maxLength: 600, size: 'max' });

describe('the engine, whatever happens in whatever order', () => {
  it('loses nothing, does nothing twice, and finds an end for everything', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (numbers) => {
        const { violations, log } = await playHistory(numbers);
        expect(violations, log.join('\n')).toEqual([]);
      }),
      { numRuns: HISTORIES, ...(SEED !== undefined && { seed: SEED }) },
    );
  }, 3_600_000);
});
