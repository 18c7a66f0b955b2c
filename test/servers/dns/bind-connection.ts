import rfc2136 from '../../../src/adapters/infra/rfc2136.ts';
import { connectDns } from '../../connect-dns.ts';
import { ZONE } from '../../dns-conformance.ts';
import type { BindSite } from './bind-site.ts';

/** The driver over both servers; `more` replaces settings of the zone. */
export function connectBind(
  site: BindSite,
  more: Record<string, unknown> = {},
  names: readonly string[] = [],
) {
  const servers = { 'ns1.example.test': site.primary, 'ns2.example.test': site.secondary };
  const zone = { primary: site.primary, servers, 'key-file': site.keyFile, ...more };
  return connectDns(rfc2136, { zones: { [ZONE]: zone }, 'timeout-s': 20 }, {}, names);
}
