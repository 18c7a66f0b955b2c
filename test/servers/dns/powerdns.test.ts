import { describe, expect, it, onTestFinished } from 'vitest';
import powerdns from '../../../src/adapters/infra/powerdns.ts';
import { connectDns } from '../../connect-dns.ts';
import { dnsConformance, NAME, NODE_1, NODE_2, ZONE } from '../../dns-conformance.ts';
import { API_KEY, type PowerdnsSite, powerdnsSite } from './powerdns-site.ts';
import { reusedSite } from './reused-site.ts';

const { signal } = new AbortController();
const can = { refuse: false, loseAnswer: true, ignore: false };
const CHANGE = { name: NAME, from: NODE_1, to: NODE_2, ttlS: 60 };

function connect(site: PowerdnsSite, key = API_KEY) {
  const servers = { 'ns1.example.test': site.primary, 'ns2.example.test': site.secondary };
  const zones = { [ZONE]: { primary: site.primary, servers } };
  const config = { api: site.api, 'key-from': 'powerdns', zones, 'timeout-s': 20 };
  return connectDns(powerdns, config, { SIGNALBOX_SECRET_POWERDNS: key });
}

dnsConformance(
  'PowerDNS',
  reusedSite(async () => {
    const site = await powerdnsSite();
    return {
      ...site,
      dns: connect(site).dns,
      loseNextAnswer: async () => site.relay.loseNextAnswer('PATCH'),
    };
  }),
  can,
);

describe('PowerDNS', () => {
  it('can be checked, and takes no other key', async () => {
    const site = await powerdnsSite();
    onTestFinished(() => site.close());
    expect(await connect(site).check(signal)).toMatch(
      /^example\.test on 2 servers, serial \d+, 127\.0\.0\.1:\d+ takes changes$/,
    );
    const stranger = connect(site, 'another');
    await expect(stranger.check(signal)).rejects.toMatchObject({ code: 'dns.refused' });
    const failure = await stranger.dns.change(CHANGE, signal).catch((problem: unknown) => problem);
    expect(failure).toMatchObject({ code: 'dns.refused', effect: 'none' });
    expect(String(failure)).toContain('HTTP 401');
  });
});
