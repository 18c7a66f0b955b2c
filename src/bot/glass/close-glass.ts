import { glassState } from '../../jobs/glass/glass-state.ts';
import type { Bot } from '../bot.ts';
import type { Answered, Asker } from '../command.ts';
import { NO_REASON } from '../narrator/in-words.ts';
import { addressedTo } from '../refusal.ts';
import { findHolder, heardElsewhere } from './open-glass.ts';

const MOST_TRIES = 10;

/** Closes it, or takes back that somebody asked to open it. Any holder may, at any time. */
export async function closeGlass(
  because: string | undefined,
  asker: Asker,
  bot: Bot,
): Promise<Answered> {
  const found = findHolder(asker, bot);
  if ('refused' in found) return found;
  const { glass, holder } = found;
  for (let turn = 0; turn < MOST_TRIES; turn += 1) {
    const content = await bot.glass.ledger.read();
    if (glassState(content.entries, glass, bot.now()).kind === 'closed') {
      return [addressedTo(asker, `break-glass ${glass.name} is closed`)];
    }
    const event = { kind: 'closed', rule: glass.name, because: because ?? NO_REASON } as const;
    const what = { by: holder.id, source: asker.message, event };
    if (await bot.glass.ledger.append(what, content)) return heardElsewhere(asker, bot);
  }
  return {
    refused: [addressedTo(asker, 'the record changes faster than it can be written; try again')],
  };
}
