import type { ZoneName } from '../../domain/ids.ts';
import { zonesOfInventory } from '../../domain/zones-of-inventory.ts';
import { aboutOperation } from '../../jobs/engine/about-operation.ts';
import { isLock, lockedBy } from '../../policies/locks.ts';
import type { Bot } from '../bot.ts';
import { defineCommand } from '../command.ts';
import { freezeLinesWithPlanned } from '../freezes-shown.ts';

export default defineCommand({
  spec: {
    name: 'locks',
    summary: 'What is locked, frozen or in quarantine, by whom, why and since when.',
    risk: 'read-only',
    positional: [],
    options: [],
    flags: [],
    examples: ['locks'],
  },
  rights: 'rule',
  async run(_asked, bot) {
    const zones = zonesOfInventory(bot.inventory());
    const lines = await Promise.all(zones.map((zone) => locksOf(zone, bot)));
    const all = [...(await freezeLinesWithPlanned(bot)), ...lines.flat()];
    return all.length > 0 ? all : ['nothing is locked'];
  },
});

async function locksOf(zone: ZoneName, bot: Bot): Promise<readonly string[]> {
  const { held } = await bot.journal.claims(zone);
  const locks = held.filter(({ claim }) => claim.kind === 'lock' && isLock(claim.key));
  return Promise.all(
    locks.map(async (lock) => {
      const about = lock.op && (await aboutOperation(bot.journal, { op: lock.op, zone }));
      return lockedBy({ ...lock, ...(about && { about }) }, bot);
    }),
  );
}
