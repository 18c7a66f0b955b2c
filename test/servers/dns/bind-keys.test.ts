import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { changeCname } from '../../../src/adapters/infra/dns/change-cname.ts';
import { readKey } from '../../../src/adapters/infra/dns/read-key.ts';
import { parseAddress } from '../../../src/adapters/infra/dns/server-address.ts';
import { TSIG_ALGORITHMS } from '../../../src/adapters/infra/dns/tsig-key.ts';
import { NAME, NODE_1, NODE_2, ZONE } from '../../dns-conformance.ts';
import { connectBind } from './bind-connection.ts';
import { type BindSite, bindSite } from './bind-site.ts';

const { signal } = new AbortController();
const CHANGE = { name: NAME, from: NODE_1, to: NODE_2, ttlS: 60 };
/** Not granted to our key. */
const FORBIDDEN = `forbidden.${ZONE}`;
const OTHER_SECRET = Buffer.alloc(32, 7).toString('base64');

let site: BindSite;
beforeAll(async () => {
  site = await bindSite();
});
afterAll(() => site.close());

async function refusal(keyFile: string) {
  const { dns } = connectBind(site, { 'key-file': keyFile });
  return dns.change(CHANGE, signal).catch((problem: unknown) => problem);
}

describe('BIND refuses', () => {
  it('a key that it does not know', async () => {
    const keyFile = site.keyFileWith('stranger.', 'hmac-sha256', OTHER_SECRET);
    const failure = await refusal(keyFile);
    expect(failure).toMatchObject({ code: 'dns.key-refused', effect: 'none' });
    expect(String(failure)).toContain('BADKEY: it does not know the key stranger');
  });

  it('another secret of a key that it knows', async () => {
    const failure = await refusal(site.keyFileWith('bot.', 'hmac-sha256', OTHER_SECRET));
    expect(failure).toMatchObject({ code: 'dns.key-refused', effect: 'none' });
    expect(String(failure)).toContain('BADSIG: it has another secret for the key bot');
  });

  it('a key that it has with another algorithm', async () => {
    const failure = await refusal(site.keyFileWith('bot.', 'hmac-sha512', OTHER_SECRET));
    expect(failure).toMatchObject({ code: 'dns.key-refused', effect: 'none' });
  });

  it.each([600_000, -600_000])('a signature of a clock that is %d ms off', async (offMs) => {
    const primary = parseAddress(site.primary);
    if (primary === undefined) throw new Error(site.primary);
    const key = await readKey(site.keyFile);
    const now = () => Date.now() + offMs;
    const place = { zone: ZONE, primary, key, compare: 'zone', now } as const;
    const failure = await changeCname(place, CHANGE, { timeoutMs: 20_000, signal }).catch(
      (problem: unknown) => problem,
    );
    expect(failure).toMatchObject({ code: 'dns.clocks-differ', effect: 'none' });
    expect(String(failure)).toMatch(/its clock shows \S+Z and ours \S+Z, (59\d|60\d) s apart/);
  });

  it('nothing of all this and has changed nothing', async () => {
    const seen = await connectBind(site).dns.look(NAME, signal);
    expect(seen.servers[0]).toMatchObject({ records: [{ value: NODE_1 }] });
  });
});

describe('signalbox check', () => {
  it('says that a zone can be changed, and changes nothing', async () => {
    const { check, dns } = connectBind(site);
    const before = await dns.look(NAME, signal);
    expect(await check(signal)).toBe(
      `${ZONE} on 2 servers, serial 2026111800, ${site.primary} takes updates with the key bot`,
    );
    expect(await dns.look(NAME, signal)).toEqual(before);
  });

  it('says why it cannot', async () => {
    const keyFile = site.keyFileWith('stranger.', 'hmac-sha256', OTHER_SECRET);
    const { check } = connectBind(site, { 'key-file': keyFile });
    await expect(check(signal)).rejects.toMatchObject({ code: 'dns.key-refused' });
    const lost = connectBind(site, { 'key-file': '/nowhere/key' });
    await expect(lost.check(signal)).rejects.toThrow(
      'key-file /nowhere/key of the dns driver gives no key: ENOENT',
    );
  });

  it('says whether the names of services could be changed, each by itself', async () => {
    const before = await connectBind(site).dns.look(NAME, signal);
    const { check } = connectBind(site, {}, [NAME]);
    expect(await check(signal)).toContain(`takes changes of ${NAME} with the key bot`);
    const both = connectBind(site, {}, [NAME, FORBIDDEN]);
    await expect(both.check(signal)).rejects.toThrow(
      `refused the change of ${FORBIDDEN}: REFUSED: the key may not change this name`,
    );
    const outside = connectBind(site, {}, ['www.example.net']);
    await expect(outside.check(signal)).rejects.toMatchObject({ code: 'dns.unknown-zone' });
    expect(await connectBind(site).dns.look(NAME, signal)).toEqual(before);
  });

  it('names a server that is in the zone and not in the configuration', async () => {
    const { check } = connectBind(site, { servers: { 'ns1.example.test': site.primary } });
    await expect(check(signal)).rejects.toThrow(
      `ns2.example.test did not answer for the zone ${ZONE}: the zone names it, and the dns driver's servers of ${ZONE} do not`,
    );
  });
});

describe('BIND takes', () => {
  it.each(Object.keys(TSIG_ALGORITHMS).map((name) => name.replace('.sig-alg.reg.int', '')))(
    'a key of %s',
    async (algorithm) => {
      const other = await bindSite({ algorithm });
      onTestFinished(() => other.close());
      const { dns } = connectBind(other);
      expect(await dns.change(CHANGE, signal)).toMatchObject({ kind: 'changed' });
    },
  );
});
