import type { ZoneName } from '../../domain/ids.ts';
import type { OpRef } from '../../jobs/journal/journal.ts';
import type { Source } from '../../jobs/model/event.ts';

export type JournalKeys = ReturnType<typeof journalKeys>;

/**
 * What the journal is kept under. Everything that belongs to one zone starts with `<prefix>z:<zone>:`, so that a Redis
 * user can be given one zone and no other.
 */
export function journalKeys(prefix: string) {
  const zoned = (zone: ZoneName, rest: string) => `${prefix}z:${zone}:${rest}`;
  return {
    feed: `${prefix}feed`,
    cursors: `${prefix}cursors`,
    operations: `${prefix}operations`,
    zones: `${prefix}zones`,
    /** Until when somebody has accepted that what was seen may be gone. */
    accepted: `${prefix}accepted`,
    claims: (zone: ZoneName) => zoned(zone, 'claims'),
    queue: (zone: ZoneName) => zoned(zone, 'queue'),
    open: (zone: ZoneName) => zoned(zone, 'open'),
    recent: (zone: ZoneName) => zoned(zone, 'recent'),
    /** Why nothing of the zone may change; absent where it may. */
    readOnly: (zone: ZoneName) => zoned(zone, 'read-only'),
    /** Until when operations that had ended were taken out for their age. */
    removedBefore: (zone: ZoneName) => zoned(zone, 'removed-before'),
    heads: (zone: ZoneName) => zoned(zone, 'heads'),
    entries: ({ op, zone }: OpRef) => zoned(zone, `op:${op}:entries`),
    /** What every script that writes in a zone is given first. */
    zone: (zone: ZoneName) =>
      ['heads', 'due', 'claims', 'queue', 'read-only'].map((key) => zoned(zone, key)),
    /** What the engine says to itself stays in its zone; a message from people is one wherever it leads. */
    seen: (zone: ZoneName, { network, message }: Source) => {
      const mark = `seen:${encodeURIComponent(network)}:${encodeURIComponent(message)}`;
      return network === 'engine' ? zoned(zone, mark) : `${prefix}${mark}`;
    },
  };
}
