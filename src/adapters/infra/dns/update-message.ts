import { type Answer, encode } from 'dns-packet';
import type { CnameChange } from '../../../jobs/ports/dns-zone.ts';
import type { Soa } from './look-at-server.ts';

export const UPDATE_OPCODE = 5;

export interface Comparison {
  readonly zone: string;
  /** The zone has to be as it was then; undefined where only the name is compared. */
  readonly soa: Soa | undefined;
}

/** Replaces one CNAME by another where it is still the one that was found. https://www.rfc-editor.org/rfc/rfc2136 */
export function changeMessage(id: number, change: CnameChange, comparison: Comparison): Buffer {
  const { name, from, to, ttlS } = change;
  return updateMessage(id, comparison.zone, {
    prerequisites: [cname(name, from, 0), ...zoneIs(comparison)],
    updates: [withoutCname(name), cname(name, to, ttlS)],
  });
}

/** What the change of a name would need, under a condition that no zone meets: a CNAME beside its SOA. */
export function fruitlessMessage(id: number, zone: string, name: string | undefined): Buffer {
  return updateMessage(id, zone, {
    prerequisites: [cname(zone, zone, 0)],
    updates: name === undefined ? [] : [withoutCname(name)],
  });
}

function updateMessage(
  id: number,
  zone: string,
  { prerequisites, updates }: { prerequisites: Answer[]; updates: Answer[] },
): Buffer {
  return encode({
    type: 'query',
    id,
    flags: UPDATE_OPCODE << 11,
    questions: [{ name: zone, type: 'SOA', class: 'IN' }],
    answers: prerequisites,
    authorities: updates,
  });
}

/** A TTL of 0 makes it a comparison where it is a prerequisite. */
function cname(name: string, target: string, ttl: number): Answer {
  return { name, type: 'CNAME', class: 'IN', ttl, data: target };
}

function zoneIs({ zone, soa }: Comparison): Answer[] {
  return soa === undefined ? [] : [{ name: zone, type: 'SOA', class: 'IN', ttl: 0, data: soa }];
}

/** Class ANY and no content delete all records of the type. dns-packet takes no CNAME without content by its name. */
function withoutCname(name: string): Answer {
  const type = 'UNKNOWN_5' as 'NULL';
  return { name, type, class: 'ANY', ttl: 0, data: Buffer.alloc(0) };
}
