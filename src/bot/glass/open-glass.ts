import type { GlassEvent } from '../../jobs/glass/glass-event.ts';
import { glassState } from '../../jobs/glass/glass-state.ts';
import {
  type BreakGlass,
  type Holder,
  holderWith,
  mayOpen,
  type OpenDecision,
} from '../../policies/break-glass.ts';
import type { Bot } from '../bot.ts';
import type { Answered, Asker, Reply } from '../command.ts';
import { addressedTo, refusal } from '../refusal.ts';
import { glassInWords } from './glass-in-words.ts';

const MOST_TRIES = 10;

/** A holder of the list, whatever the directory says; the reply where there is none. */
export type FoundHolder =
  | { readonly glass: BreakGlass; readonly holder: Holder }
  | { readonly refused: Reply };

/** Asks for the glass to be opened, or opens it with the holder who asked. Every channel hears of it from the record. */
export async function openGlass(
  because: string | undefined,
  asker: Asker,
  bot: Bot,
): Promise<Answered> {
  const found = findHolder(asker, bot);
  if ('refused' in found) return found;
  const { glass, holder } = found;
  const directory = await directoryNow(asker, bot);
  for (let turn = 0; turn < MOST_TRIES; turn += 1) {
    const content = await bot.glass.ledger.read();
    const now = bot.now();
    const state = glassState(content.entries, glass, now);
    const decided = mayOpen({ glass, holder, state, directory, because, prefix: bot.prefix });
    if (decided.kind === 'refuse') return { refused: [refusal(asker, decided)] };
    const event = openingEvent(decided, glass, now);
    const what = { by: holder.id, source: asker.message, event };
    if (await bot.glass.ledger.append(what, content)) return heardElsewhere(asker, bot);
  }
  return {
    refused: [addressedTo(asker, 'the record changes faster than it can be written; try again')],
  };
}

/** Whoever typed it where no channel hears of it is told how it stands. */
export async function heardElsewhere({ network, channel }: Asker, bot: Bot): Promise<Reply> {
  const channels = bot.channels();
  const isTold = channels.some((one) => one.network === network && one.channel === channel);
  return isTold ? [] : [await glassInWords(bot)];
}

export function findHolder({ account, network, ...asker }: Asker, { glass }: Bot): FoundHolder {
  const configured = glass.configured();
  if (configured === undefined) {
    const next = 'Whoever keeps signalbox.yaml adds break-glass.';
    return { refused: [refusal(asker, { because: 'no break-glass is configured here', next })] };
  }
  const holder = account === undefined ? undefined : holderWith(network, account, configured);
  if (holder !== undefined) return { glass: configured, holder };
  const because = `break-glass ${configured.name} is for its holders`;
  const next = `Ask ${configured.holders.map(({ id }) => id).join(' or ')}.`;
  return { refused: [refusal(asker, { because, next })] };
}

/** Past every cache. */
async function directoryNow(
  { network, account }: Asker,
  { directory }: Bot,
): Promise<'answers' | 'unavailable'> {
  const found = await directory.identify(network, account ?? '', 'fresh');
  return found.kind === 'unavailable' ? 'unavailable' : 'answers';
}

function openingEvent(
  decided: Exclude<OpenDecision, { kind: 'refuse' }>,
  { name: rule, lastsMs }: BreakGlass,
  now: number,
): GlassEvent {
  const { because } = decided;
  if (decided.kind === 'ask') return { kind: 'asked', rule, because };
  return { kind: 'opened', rule, because, with: decided.with, until: now + lastsMs };
}
