import { AT_FIRST, ZONE } from '../../dns-conformance.ts';

/** Secondaries ask every second, also when nobody notifies them. */
export function zoneFile(extra: readonly string[] = []): string {
  const records = AT_FIRST.map(
    ({ name, record }) =>
      `${name}. ${record.ttlS} IN ${record.type} ${record.value}${dot(record.type)}`,
  );
  return [
    `${ZONE}. 3600 IN SOA ns1.${ZONE}. hostmaster.${ZONE}. 2026111800 1 1 3600 60`,
    `${ZONE}. 3600 IN NS ns1.${ZONE}.`,
    `${ZONE}. 3600 IN NS ns2.${ZONE}.`,
    `ns1.${ZONE}. 3600 IN A 127.0.0.1`,
    `ns2.${ZONE}. 3600 IN A 127.0.0.1`,
    ...records,
    ...extra,
    '',
  ].join('\n');
}

function dot(type: string): string {
  return type === 'CNAME' ? '.' : '';
}
