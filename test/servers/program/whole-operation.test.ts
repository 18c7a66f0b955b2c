import { describe, expect, it } from 'vitest';
import { effectsOf, metalOnce } from './effects-of.ts';
import { endsWell, onSite } from './on-site.ts';

describe('a reimage over a real Redis', () => {
  it(
    'goes through its eight steps to DONE, each once, and is told in the order of the journal',
    onSite(async (site) => {
      await Promise.all([site.startBot(), site.startWorker()]);
      const ref = await site.reimage('builder-08');
      await endsWell(site, ref);
      expect(effectsOf(site.fleet, 'builder-08')).toEqual(metalOnce('builder-08'));
      const ended = (await site.journal.read(ref)).filter(
        ({ event }) => event.kind === 'step-ended',
      );
      expect(ended).toHaveLength(8);
    }),
  );
});
