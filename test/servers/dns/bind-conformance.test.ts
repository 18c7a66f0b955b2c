import rfc2136 from '../../../src/adapters/infra/rfc2136.ts';
import { connectDns } from '../../connect-dns.ts';
import { dnsConformance, ZONE } from '../../dns-conformance.ts';
import { bindSite } from './bind-site.ts';

const can = { refuse: true, loseAnswer: true, ignore: false };

dnsConformance(
  'BIND',
  async () => {
    const site = await bindSite();
    const servers = { 'ns1.example.test': site.primary, 'ns2.example.test': site.secondary };
    const zone = { primary: site.primary, servers, 'key-file': site.keyFile };
    const { dns } = connectDns(rfc2136, { zones: { [ZONE]: zone }, 'timeout-s': 2 });
    return {
      dns,
      put: site.put,
      freezeSecondary: site.freezeSecondary,
      thawSecondary: site.thawSecondary,
      stopSecondary: site.stopSecondary,
      stopPrimary: site.stopPrimary,
      refuse: site.refuse,
      loseNextAnswer: async () => site.relay.loseNextAnswer(),
      close: site.close,
    };
  },
  can,
);
