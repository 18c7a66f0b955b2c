import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE_MS } from '../program/eventually.ts';
import { BUILDER, type KojiSite, kojiSite } from './koji-site.ts';

const forTheTest = () => AbortSignal.timeout(PATIENCE_MS);

let site: KojiSite;
beforeAll(async () => {
  site = await kojiSite();
});
afterEach(() => site.disconnect());
afterAll(() => site.close());

const at = () => `koji at ${site.front.byCertificate.host}`;

describe('a login by certificate through Apache', () => {
  it('works where the certificate is asked for under one path only', async () => {
    expect(await site.byCertificate('bot').check(forTheTest())).toBe(
      `koji 1.35.3 at ${site.front.byCertificate.host}, logged in as bot with a certificate, may: host`,
    );
  });

  it('is done again in the same way when the session has expired (1007)', async () => {
    const { port } = site.byCertificate('bot');
    await port.disable(BUILDER, 'op-7k2m', forTheTest());
    site.hub.expireSessions();
    await port.enable(BUILDER, '', forTheTest());
    expect(site.state.host('builder-01')).toMatchObject({ enabled: true, comment: '' });
    expect(site.hub.carriedOut().filter((method) => method === 'sslLogin')).toHaveLength(3);
  });

  it('names somebody whom the hub does not know', async () => {
    await expect(site.byCertificate('nobody').check(forTheTest())).rejects.toMatchObject({
      code: 'koji.login',
      message: `the bot cannot log in to ${at()}: Unknown user: nobody`,
    });
  });

  it('is refused with a certificate of another authority', async () => {
    await expect(site.byCertificate('self-signed').check(forTheTest())).rejects.toMatchObject({
      code: 'koji.no-answer',
      effect: 'none',
    });
  });

  it('lets nobody say in a header who they are', async () => {
    const headers = { 'X-Client-Name': 'boss', 'X-Remote-User': site.bot };
    const body =
      '<?xml version="1.0"?><methodCall><methodName>sslLogin</methodName><params/></methodCall>';
    const response = await fetch(`${site.hub.url.href}/ssllogin`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/xml', ...headers, 'X-Front-End': 'a guess' },
      body,
    });
    expect(await response.text()).toContain('could not verify client');
  });
});
