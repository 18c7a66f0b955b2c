import { expect, test } from 'vitest';
import { postedOnce } from '../../../src/adapters/chat/common/posted-once.ts';
import { type AnnounceGlassOptions, announceNew } from '../../../src/bot/glass/announce-glass.ts';
import type { GlassDesk } from '../../../src/bot/glass/glass-desk.ts';
import { UserId } from '../../../src/domain/ids.ts';
import type { GlassEvent } from '../../../src/jobs/glass/glass-event.ts';
import type { Ledger } from '../../../src/jobs/ledger/write-ledger.ts';
import type { BreakGlass } from '../../../src/policies/break-glass.ts';
import { partly } from '../../partly.ts';
import { networkOf } from '../fixture/network.ts';

const ANA = UserId.parse('ana');

/** A network that says the same once, and a store of which an older copy can take the place. */
function announcing() {
  const network = networkOf('irc');
  const posted = postedOnce();
  let written: { at: number; command: string }[] = [];
  let cursor = '0';
  const ledger = partly<Ledger<GlassEvent>>({
    async read() {
      const entries = written.map(({ at, command }, seq) => ({
        seq,
        at,
        by: ANA,
        event: { kind: 'used', rule: 'glass', command } as const,
      }));
      return { length: entries.length, last: '', entries, refused: [] };
    },
  });
  const options: AnnounceGlassOptions = {
    network: {
      ...network,
      post: (message) =>
        posted.once(message, async (one) => {
          const ref = await network.post(one);
          posted.remember(one, ref);
          return ref;
        }),
    },
    journal: {
      cursor: async () => cursor,
      async saveCursor(_, saved) {
        cursor = saved;
      },
    },
    channels: () => [{ network: 'irc', channel: '#ops', watches: [] }],
    glass: partly<GlassDesk>({ ledger, configured: () => partly<BreakGlass>({ holders: [] }) }),
    prefix: () => '!',
    report: () => {},
  };
  return {
    async uses(at: number, command: string) {
      written.push({ at, command });
      await announceNew(options);
    },
    goesBack() {
      written = [];
      cursor = '0';
    },
    heard: () => network.posted.flatMap(({ lines }) => lines),
  };
}

test('what happens to the break-glass after an older store came back is told as well, and nothing twice', async () => {
  const { uses, goesBack, heard } = announcing();
  await uses(1_000, 'swap mail');
  goesBack();
  await uses(1_000, 'swap mail');
  expect(heard()).toEqual(['BREAK-GLASS glass: ana types swap mail']);
  goesBack();
  await uses(2_000, 'wipe builder-01');
  expect(heard().slice(1)).toEqual(['BREAK-GLASS glass: ana types wipe builder-01']);
});
