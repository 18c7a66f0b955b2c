import { afterAll } from 'vitest';
import { agreementOf, lagging } from '../../../src/jobs/dns/agreement.ts';
import { AT_FIRST, type DnsUnderTest, NAME } from '../../dns-conformance.ts';
import { eventually } from '../program/eventually.ts';

/** The same servers for one test after the other, as they were at first; anew where a test broke them. */
export function reusedSite(make: () => Promise<DnsUnderTest>): () => Promise<DnsUnderTest> {
  let site: DnsUnderTest | undefined;
  let isBroken = false;
  const breaking =
    (act?: () => Promise<void>): (() => Promise<void>) =>
    async () => {
      isBroken = true;
      await act?.();
    };
  afterAll(() => site?.close());

  async function fresh(): Promise<DnsUnderTest> {
    await site?.close();
    isBroken = false;
    site = await make();
    return site;
  }

  return async () => {
    const under = site === undefined || isBroken ? await fresh() : await restored(site);
    return {
      ...under,
      freezeSecondary: breaking(under.freezeSecondary),
      stopSecondary: breaking(under.stopSecondary),
      stopPrimary: breaking(under.stopPrimary),
      refuse: breaking(under.refuse),
      close: async () => undefined,
    };
  };
}

async function restored(under: DnsUnderTest): Promise<DnsUnderTest> {
  const { signal } = new AbortController();
  for (const { name, record } of AT_FIRST.slice(0, 2)) await under.put(name, record);
  const [first] = AT_FIRST;
  await eventually(async () => {
    const seen = await under.dns.look(NAME, signal);
    const serials = seen.servers.map((each) => each.kind === 'answered' && each.serial);
    const wanted = { to: first?.record.value as typeof NAME, ttlS: first?.record.ttlS ?? 0 };
    const isSame = new Set(serials).size === 1 && agreementOf(seen).kind === 'agreed';
    return isSame && lagging(seen, wanted).length === 0;
  });
  return under;
}
