import type { HostName } from '../domain/ids.ts';
import type { Inventory } from '../domain/inventory.ts';
import { zonesOfInventory } from '../domain/zones-of-inventory.ts';
import type { HeldClaim, Journal } from '../jobs/journal/journal.ts';
import { keepLooking, type Looking } from './keep-looking.ts';
import { type Channel, channelsWatching } from './narrator/channels.ts';
import { duration, joined } from './narrator/in-words.ts';
import { type Saying, sayOnce } from './narrator/say-once.ts';
import { quarantinedHost } from './quarantine.ts';

const LOOKED_AT_EVERY_MS = 60_000;

export interface RemindQuarantineOptions extends Omit<Saying, 'unnoted'> {
  readonly journal: Pick<Journal, 'claims'>;
  readonly inventory: () => Inventory;
  readonly channels: () => readonly Channel[];
  readonly everyMs: () => number;
  readonly prefix: string;
  /** Milliseconds since 1970, by the store's clock. */
  readonly now: () => number;
  readonly report: (problem: unknown) => void;
}

/** Tells those who watch a host again and again that it is in quarantine, until somebody releases it. */
export function startRemindingOfQuarantine(options: RemindQuarantineOptions): Looking {
  const saying = { ...options, unnoted: new Map<string, string>() };
  const look = () => remindOfQuarantine(options, saying);
  return keepLooking(look, LOOKED_AT_EVERY_MS, options.report);
}

/** However long nobody looked, it is said once and not for every time that was missed. */
export async function remindOfQuarantine(
  options: Omit<RemindQuarantineOptions, 'report'>,
  saying: Saying,
): Promise<void> {
  const { journal, everyMs, now } = options;
  const views = await Promise.all(
    zonesOfInventory(options.inventory()).map((zone) => journal.claims(zone)),
  );
  for (const held of views.flatMap((view) => view.held)) {
    const host = quarantinedHost(held);
    const nth = Math.floor((now() - held.since) / everyMs());
    if (host !== undefined && nth >= 1) await tell(host, held, nth, options, saying);
  }
}

async function tell(
  host: HostName,
  { since, byHand }: HeldClaim,
  nth: number,
  options: Omit<RemindQuarantineOptions, 'report'>,
  saying: Saying,
): Promise<void> {
  const { network, channels, inventory, prefix, now } = options;
  const pool = inventory().hosts.get(host)?.pool;
  const owner = byHand?.owner ?? byHand?.by;
  const line = joined([
    `${host} is still in quarantine (${duration(now() - since)}): ${byHand?.because}`,
    `${owner} looks after it`,
    `${prefix}release ${host} lets groups have it again`,
  ]);
  const told = { key: `quarantine ${host} ${since} ${nth}`, as: 'notice', lines: [line] } as const;
  for (const channel of channelsWatching(pool ? [pool] : [], network.name, channels())) {
    await sayOnce(saying, channel, told);
  }
}
