import type { ZoneName } from '../domain/ids.ts';
import type { Host } from '../domain/inventory.ts';
import { zonesOfInventory } from '../domain/zones-of-inventory.ts';
import {
  concerns,
  type Freeze,
  freezesByHand,
  frozenInWords,
  isInForce,
} from '../policies/freezes.ts';
import type { Bot } from './bot.ts';
import type { Reply } from './command.ts';

type Known = Pick<Bot, 'journal' | 'inventory' | 'freezes' | 'now' | 'prefix'>;

/** A line for each freeze that is in force. */
export async function freezeLines(bot: Known): Promise<Reply> {
  return inWords(await freezesInForce(bot), bot);
}

/** Those by hand, and those of the configuration. */
export async function freezesInForce(bot: Omit<Known, 'prefix'>): Promise<readonly Freeze[]> {
  const freezes = [...(await byHand(zonesOfInventory(bot.inventory()), bot)), ...bot.freezes()];
  return freezes.filter((freeze) => isInForce(freeze, bot.now()));
}

/** Also those of the configuration that are still to come. */
export async function freezeLinesWithPlanned(bot: Known): Promise<Reply> {
  const planned = bot.freezes().filter(({ from }) => from > bot.now());
  return [...(await freezeLines(bot)), ...inWords(planned, bot)];
}

/** Of those in force, the ones that operations on a host meet. */
export async function freezeLinesOf({ zone, environment }: Host, bot: Known): Promise<Reply> {
  const freezes = [...(await byHand([zone], bot)), ...bot.freezes()];
  const own = freezes.filter((freeze) => concerns(freeze, { zone, environments: [environment] }));
  return inWords(
    own.filter((freeze) => isInForce(freeze, bot.now())),
    bot,
  );
}

/** One that is on several zones is kept in each. */
async function byHand(
  zones: readonly ZoneName[],
  { journal }: Pick<Known, 'journal'>,
): Promise<readonly Freeze[]> {
  const views = await Promise.all(zones.map((zone) => journal.claims(zone)));
  const all = views.flatMap(({ held }) => freezesByHand(held));
  return all.filter((one, place) => all.findIndex(({ on }) => on === one.on) === place);
}

function inWords(freezes: readonly Freeze[], { prefix }: Pick<Known, 'prefix'>): Reply {
  return freezes.map((freeze) => frozenInWords(freeze, prefix));
}
