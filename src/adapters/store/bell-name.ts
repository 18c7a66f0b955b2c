import type { ZoneName } from '../../domain/ids.ts';

/** Where BullMQ keeps the queue of a zone: with the zone's other keys. */
export function bellOf(zone: ZoneName, prefix: string): { name: string; prefix: string } {
  return { name: `sb-${zone}`, prefix: `${prefix}z:${zone}:bell` };
}
