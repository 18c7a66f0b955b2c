import { dnsConformance } from '../../dns-conformance.ts';
import { connectBind } from './bind-connection.ts';
import { bindSite } from './bind-site.ts';
import { reusedSite } from './reused-site.ts';

const can = { refuse: true, loseAnswer: true, ignore: false };

dnsConformance(
  'BIND',
  reusedSite(async () => {
    const site = await bindSite();
    const { dns } = connectBind(site);
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
  }),
  can,
);
