import type { DnsRecord } from '../../../jobs/ports/dns-zone.ts';

/** As we write and compare it. Whoever writes the zone decides what stands there, and it is shown to people. */
export function plainValue(value: string): string {
  return value
    .toLowerCase()
    .replace(/\.$/, '')
    .replaceAll(/[^a-z0-9._:-]/g, '?');
}

/** Whether a name is this alias, and nothing else. */
export function isAliasOf(target: string, records: readonly DnsRecord[]): boolean {
  return records.length === 1 && records[0]?.type === 'CNAME' && records[0].value === target;
}
