import type { HostName } from '../domain/ids.ts';
import { zonesOfInventory } from '../domain/zones-of-inventory.ts';
import type { HeldClaim } from '../jobs/journal/journal.ts';
import type { ByHand } from '../policies/held.ts';
import type { Bot } from './bot.ts';
import { type CommandFacts, commandFacts } from './grammar/command-facts.ts';
import type { LockTarget } from './lock-target.ts';
import type { Operation } from './operations.ts';

const PREFIX = 'quarantine/';
const MOST_TRIES = 10;

/** Takes the hosts that an operation locks out of every group, until somebody releases them. */
export async function quarantineHostsOf(
  { ref, state }: Operation,
  why: ByHand,
  bot: Pick<Bot, 'journal'>,
): Promise<void> {
  for (const claim of state.claims) {
    if (claim.kind === 'lock') await quarantine({ zone: ref.zone, key: claim.key }, why, bot);
  }
}

async function quarantine(
  { zone, key }: Pick<LockTarget, 'zone' | 'key'>,
  why: ByHand,
  { journal }: Pick<Bot, 'journal'>,
): Promise<void> {
  if (!key.startsWith('host/')) return;
  const lock = { key: key.replace('host/', PREFIX), ...why };
  for (let turn = 0; turn < MOST_TRIES; turn += 1) {
    const { revision } = await journal.claims(zone);
    if (await journal.lockByHand(zone, lock, revision)) return;
  }
  throw new Error(`${key} could not be quarantined: the claims change too fast`);
}

/** Its failures are counted anew, too. False when it was not in quarantine. */
export async function release(
  { zone, key }: Pick<LockTarget, 'zone' | 'key'>,
  { journal }: Pick<Bot, 'journal'>,
): Promise<boolean> {
  await journal.unlockByHand(zone, key.replace('host/', 'failures/'));
  return journal.unlockByHand(zone, key.replace('host/', PREFIX));
}

/** What a line's targets are looked up in. The store is only asked where a group may be meant. */
export async function targetable(
  line: string,
  bot: Pick<Bot, 'inventory' | 'journal'>,
): Promise<CommandFacts> {
  const facts = commandFacts(bot.inventory());
  return /[@*?]/.test(line) ? { ...facts, quarantined: await quarantined(bot) } : facts;
}

async function quarantined({
  inventory,
  journal,
}: Pick<Bot, 'inventory' | 'journal'>): Promise<ReadonlySet<HostName>> {
  const zones = zonesOfInventory(inventory());
  const views = await Promise.all(zones.map((zone) => journal.claims(zone)));
  return new Set(views.flatMap(({ held }) => held.flatMap((one) => quarantinedHost(one) ?? [])));
}

/** Undefined of what is no quarantine. */
export function quarantinedHost({ claim }: HeldClaim): HostName | undefined {
  if (claim.kind !== 'lock' || !claim.key.startsWith(PREFIX)) return undefined;
  return claim.key.slice(PREFIX.length) as HostName;
}
