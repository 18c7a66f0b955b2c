import type { HostName } from '../../domain/ids.ts';
import type { NonEmpty } from '../../domain/non-empty.ts';

export interface DnsRecord {
  /** `CNAME`, `A` or `AAAA`. */
  readonly type: string;
  /** An address, or a name in lower case without the dot at its end. */
  readonly value: string;
  /** Of an authoritative answer: it does not count down. */
  readonly ttlS: number;
}

/** One address of a server that is authoritative for the zone, and what it says. */
export type ServerAnswer =
  | {
      readonly kind: 'answered';
      /** The name of the server, as NS records have it. */
      readonly server: string;
      /** `192.0.2.1:53` */
      readonly address: string;
      /** None when the name is not there, or has other types only. */
      readonly records: readonly DnsRecord[];
      /** Of the zone, when the records were not older than this. */
      readonly serial: number;
    }
  | {
      readonly kind: 'silent';
      readonly server: string;
      /** Absent where nothing says where the server is. */
      readonly address?: string;
      /** No answer, an answer without authority, or a server in the zone's NS records that is not configured. */
      readonly because: string;
    };

export interface NameLook {
  readonly name: HostName;
  /** The zone that the name is in. */
  readonly zone: string;
  /** Every authoritative server, the one that takes changes first. At least one. */
  readonly servers: NonEmpty<ServerAnswer>;
}

export interface CnameChange {
  readonly name: HostName;
  /** What the name has to point to, for anything to be changed. */
  readonly from: HostName;
  /** The same as `from` where only the TTL is to become another. */
  readonly to: HostName;
  /** Whole seconds, from 0 to 604800. */
  readonly ttlS: number;
}

export type ChangeOutcome =
  /** The server that takes changes shows it. The others follow: look until they do. */
  | { readonly kind: 'changed'; readonly serial: number }
  /** The name is not what `from` says. Nothing was changed. */
  | { readonly kind: 'conflict'; readonly found: readonly DnsRecord[] };

/** What planning may ask. Reads only. */
export interface DnsZoneReads {
  /**
   * Asks every authoritative server itself, never a resolver. One that cannot be asked is in the answer as such; a Failure
   * with code `dns.unknown-zone` when no configured zone contains the name.
   */
  look(name: HostName, signal: AbortSignal): Promise<NameLook>;
}

/**
 * Names in zones that we may change. Implemented over RFC 2136, over PowerDNS's API and by a simulator.
 *
 * A change is a comparison and an exchange. Over RFC 2136 the server does both in one, and compares the zone's serial too:
 * what a worker sent, or signed and sent late, changes nothing once anything else has changed the zone, even where the name
 * has come back to `from` meanwhile. Not protected is what reads the name after it came back: a step that is at work without
 * its lease, which is the engine's to stop. PowerDNS's API compares nothing: there somebody else's change in the moment
 * between our reading and our writing is overwritten, and a late request is carried out.
 */
export interface DnsZone extends DnsZoneReads {
  /**
   * Points the name elsewhere, or gives it another TTL. Twice: the second is a `conflict` that finds what the first made; where
   * only the TTL changes, the second is `changed` as well.
   *
   * Refused, it throws a Failure with effect `none`. With effect `unknown` it may have been done: `dns.no-answer` when the
   * answer was lost, `dns.not-changed` when the server said yes and shows the old value still. Look before anything else.
   */
  change(change: CnameChange, signal: AbortSignal): Promise<ChangeOutcome>;
}
