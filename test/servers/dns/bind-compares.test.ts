import { describe, expect, it, onTestFinished } from 'vitest';
import { soaOf } from '../../../src/adapters/infra/dns/look-at-server.ts';
import { readKey } from '../../../src/adapters/infra/dns/read-key.ts';
import { sendUpdate } from '../../../src/adapters/infra/dns/send-update.ts';
import { parseAddress } from '../../../src/adapters/infra/dns/server-address.ts';
import { changeMessage } from '../../../src/adapters/infra/dns/update-message.ts';
import { HostName } from '../../../src/domain/ids.ts';
import { NAME, NODE_1, NODE_2, PLAIN, ZONE } from '../../dns-conformance.ts';
import { connectBind } from './bind-connection.ts';
import { type BindSite, type BindSiteOptions, bindSite } from './bind-site.ts';

const { signal } = new AbortController();
const PATIENCE = { timeoutMs: 20_000, signal };
const FORTH = { name: NAME, from: NODE_1, to: NODE_2, ttlS: 60 };
const BACK = { name: NAME, from: NODE_2, to: NODE_1, ttlS: 60 };

async function started(options: BindSiteOptions = {}): Promise<BindSite> {
  const site = await bindSite(options);
  onTestFinished(() => site.close());
  return site;
}

/** What a worker sends late that looked before the name went forth and back. */
async function lateWorker(site: BindSite, compare: 'zone' | 'name') {
  const server = parseAddress(site.primary);
  if (server === undefined) throw new Error(site.primary);
  const key = await readKey(site.keyFile);
  const soa = await soaOf(server, ZONE, PATIENCE);
  const comparison = { zone: ZONE, soa: compare === 'zone' ? soa : undefined };
  const make = (id: number) => changeMessage(id, FORTH, comparison);
  return () => sendUpdate({ server, key, what: 'late', make, now: Date.now }, PATIENCE);
}

async function value(site: BindSite) {
  const [first] = (await connectBind(site).dns.look(NAME, signal)).servers;
  return first.kind === 'answered' ? first.records[0]?.value : first.because;
}

describe('an update that comes late', () => {
  it('changes nothing where the name has come back to what it compares with', async () => {
    const site = await started();
    const send = await lateWorker(site, 'zone');
    const { dns } = connectBind(site);
    await dns.change(FORTH, signal);
    await dns.change(BACK, signal);
    expect(await send()).toBe('unmet');
    expect(await value(site)).toBe(NODE_1);
  });

  it('is carried out then where only the name is compared', async () => {
    const site = await started();
    const send = await lateWorker(site, 'name');
    const { dns } = connectBind(site, { compare: 'name' });
    await dns.change(FORTH, signal);
    expect(await send()).toBe('unmet');
    await dns.change(BACK, signal);
    expect(await send()).toBe('done');
    expect(await value(site)).toBe(NODE_2);
  });
});

describe('a zone that changes all the time', () => {
  it('has its name changed all the same', async () => {
    const site = await started();
    const { dns } = connectBind(site);
    let more = true;
    const others = (async () => {
      for (let at = 1; more; at += 1) {
        await site.put(PLAIN, { type: 'A', value: `192.0.2.${1 + (at % 200)}`, ttlS: 60 });
      }
    })();
    const outcome = await dns.change(FORTH, signal).finally(() => {
      more = false;
    });
    await others;
    expect(outcome).toMatchObject({ kind: 'changed' });
  });
});

describe('a zone that BIND signs beside itself', () => {
  it('cannot be compared as a whole, which is said, and its names can', async () => {
    const site = await started({ primarySettings: 'dnssec-policy default; inline-signing yes;' });
    const failure = await connectBind(site)
      .dns.change(FORTH, signal)
      .catch((problem: unknown) => problem);
    expect(failure).toMatchObject({ code: 'dns.not-comparable', effect: 'none' });
    const { dns } = connectBind(site, { compare: 'name' });
    expect(await dns.change(FORTH, signal)).toMatchObject({ kind: 'changed' });
    expect(await dns.change(FORTH, signal)).toMatchObject({ kind: 'conflict' });
  });
});

describe('a server that says yes', () => {
  it('is not believed while it shows the old value: a secondary that passes updates on and follows no more', async () => {
    const site = await started();
    await site.freezeSecondary();
    const { dns } = connectBind(site, { primary: site.secondary });
    const failure = await dns.change(FORTH, signal).catch((problem: unknown) => problem);
    expect(failure).toMatchObject({ code: 'dns.not-changed', effect: 'unknown' });
    expect(String(failure)).toContain(`it answers ${NODE_1}, TTL 300`);
  });
});

describe('answers', () => {
  it('too long for UDP come over TCP', async () => {
    const many = HostName.parse(`many.${ZONE}`);
    const addresses = Array.from({ length: 80 }, (_, at) => `${many}. 60 IN A 198.51.100.${at}`);
    const site = await started({ records: addresses });
    const { servers } = await connectBind(site).dns.look(many, signal);
    for (const answer of servers) {
      expect(answer.kind === 'answered' && answer.records).toHaveLength(80);
    }
    expect(site.relay.connections).toBe(1);
  });
});
