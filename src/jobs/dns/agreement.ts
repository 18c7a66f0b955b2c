import type { HostName } from '../../domain/ids.ts';
import type { NameLook, ServerAnswer } from '../ports/dns-zone.ts';

/** Where a name points, as far as its servers agree. */
export type Agreement =
  /** Every server says so. TTLs may differ while one is being changed: this is the longest. */
  | { readonly kind: 'agreed'; readonly target: string; readonly ttlS: number }
  /** All answered, and not the same. */
  | { readonly kind: 'differ'; readonly because: string }
  /** Not all answered, so nobody knows. */
  | { readonly kind: 'unknown'; readonly because: string };

export function agreementOf({ servers }: NameLook): Agreement {
  const silent = servers.filter(({ kind }) => kind === 'silent');
  if (silent.length > 0) return { kind: 'unknown', because: silent.map(said).join('; ') };
  const targets = new Set(servers.map(targetOf));
  const [target] = targets;
  if (targets.size !== 1 || target === undefined) {
    return { kind: 'differ', because: servers.map(said).join('; ') };
  }
  return { kind: 'agreed', target, ttlS: Math.max(...servers.map(ttlOf)) };
}

export interface WantedCname {
  readonly to: HostName;
  readonly ttlS: number;
}

/** Those that do not show it yet, each with what it says instead. Empty once all do. */
export function lagging({ servers }: NameLook, { to, ttlS }: WantedCname): readonly string[] {
  return servers
    .filter((answer) => targetOf(answer) !== to || ttlOf(answer) !== ttlS)
    .map((answer) => said(answer));
}

/** `ns1.example.org: node1.example.org (CNAME, TTL 300)` */
function said(answer: ServerAnswer): string {
  const place = answer.address === undefined ? answer.server : `${answer.server} ${answer.address}`;
  if (answer.kind === 'silent') return `${place}: ${answer.because}`;
  const records = answer.records.map(({ type, value, ttlS }) => `${value} (${type}, TTL ${ttlS})`);
  return `${place}: ${records.join(', ') || 'no such record'}`;
}

/** Undefined where it is no alias. */
function targetOf(answer: ServerAnswer): string | undefined {
  if (answer.kind === 'silent' || answer.records.length !== 1) return undefined;
  const [record] = answer.records;
  return record?.type === 'CNAME' ? record.value : undefined;
}

function ttlOf(answer: ServerAnswer): number {
  return answer.kind === 'silent' ? 0 : (answer.records[0]?.ttlS ?? 0);
}
