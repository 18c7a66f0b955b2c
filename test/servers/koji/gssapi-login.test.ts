import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { BUILDER, type KojiSite, kojiSite } from './koji-site.ts';

const forTheTest = () => AbortSignal.timeout(PATIENCE_MS);

let site: KojiSite;
let keytab: string;
beforeAll(async () => {
  site = await kojiSite();
  keytab = site.realm.keytab('bot.keytab', `stranger@${site.realm.name}`, site.bot);
});
afterEach(() => site.disconnect());
afterAll(() => site.close());

const withKeytab = () => site.byTicket({ 'keytab-file': keytab, principal: site.bot });
const logins = () => site.hub.carriedOut().filter((method) => method === 'sslLogin').length;
const at = () => `koji at ${site.front.byTicket.host}`;

describe('a login by GSSAPI', () => {
  it('is the one of the configured principal, whatever comes first in the keytab', async () => {
    expect(await withKeytab().check(forTheTest())).toBe(
      `koji 1.35.3 at ${site.front.byTicket.host}, logged in as bot with a Kerberos ticket, may: host`,
    );
  });

  it('opens a session that changes things without any more tickets', async () => {
    const { port } = withKeytab();
    await port.builder(BUILDER, forTheTest());
    await site.realm.goDown();
    try {
      await port.disable(BUILDER, 'op-7k2m', forTheTest());
      expect(site.state.host('builder-01')).toMatchObject({ enabled: false, comment: 'op-7k2m' });
    } finally {
      await site.realm.comeBack();
      await port.enable(BUILDER, '', forTheTest());
    }
  });

  it('is done again in the same way when the session has expired (1007)', async () => {
    const { port } = withKeytab();
    await port.builder(BUILDER, forTheTest());
    const before = logins();
    site.hub.expireSessions();
    expect(await port.builder(BUILDER, forTheTest())).toMatchObject({ enabled: true });
    expect(logins()).toBe(before + 1);
  });

  it('takes a ticket that somebody else keeps fresh', async () => {
    const ccache = site.realm.ticket('fresh', keytab, site.bot, '10m');
    expect(await site.byTicket({ ccache }).check(forTheTest())).toMatch(/logged in as bot/);
  });

  it('leaves no file behind, whether it succeeds or not', async () => {
    const { check } = site.byTicket({ ccache: `FILE:${site.path('nothing')}` });
    await expect(check(forTheTest())).rejects.toMatchObject({ effect: 'none' });
    await withKeytab().check(forTheTest());
    expect(site.loginFolders()).toEqual([]);
  });
});

describe('a login by GSSAPI that fails', () => {
  const fails = (config: Record<string, unknown>) =>
    expect(site.byTicket(config).check(forTheTest())).rejects;
  const noTicket = () => `the bot has no Kerberos ticket for ${at()}`;
  const asBot = () => ({ 'keytab-file': keytab, principal: site.bot });

  it('says that the ticket has expired', async () => {
    const ccache = site.realm.ticket('short', keytab, site.bot, '1s');
    await until(() => !site.realm.isFresh(ccache));
    await fails({ ccache }).toMatchObject({
      code: 'koji.no-ticket',
      effect: 'none',
      message: `${noTicket()}: the ticket in ccache ${ccache} has expired`,
      next: 'Nothing was changed. See to it that whoever keeps the tickets fresh does so, then run `signalbox check`.',
    });
  });

  it('says that there is no ticket', async () => {
    const ccache = `FILE:${site.path('nothing')}`;
    await fails({ ccache }).toMatchObject({
      code: 'koji.no-ticket',
      message: `${noTicket()}: ccache ${ccache} holds no ticket`,
    });
  });

  it('names a keytab that is not there', async () => {
    await fails({ ...asBot(), 'keytab-file': site.path('gone.keytab') }).toMatchObject({
      code: 'koji.login',
      message: `the bot cannot log in to ${at()}: keytab-file ${site.path('gone.keytab')} cannot be read (ENOENT)`,
    });
  });

  it('says that the keytab holds no key of the principal', async () => {
    const other = site.realm.keytab('other.keytab', `stranger@${site.realm.name}`);
    await fails({ 'keytab-file': other, principal: site.bot }).toMatchObject({
      code: 'koji.no-ticket',
      message: `${noTicket()} as ${site.bot}: keytab-file ${other} holds no key of it`,
      next: `Nothing was changed. Look with \`klist -k ${other}\`, then run \`signalbox check\`.`,
    });
  });

  it('says that the key was changed since the keytab was made', async () => {
    const principal = `rekeyed@${site.realm.name}`;
    site.realm.addPrincipals(principal);
    const old = site.realm.keytab('old.keytab', principal);
    site.realm.keytab('new.keytab', principal);
    await fails({ 'keytab-file': old, principal }).toMatchObject({
      code: 'koji.no-ticket',
      message: `${noTicket()} as ${principal}: the key in keytab-file ${old} is not the one that Kerberos has now`,
    });
  });

  it('says that Kerberos has no such principal any more', async () => {
    const principal = `gone@${site.realm.name}`;
    site.realm.addPrincipals(principal);
    const file = site.realm.keytab('deleted.keytab', principal);
    site.realm.removePrincipal(principal);
    await fails({ 'keytab-file': file, principal }).toMatchObject({
      code: 'koji.no-ticket',
      message: `${noTicket()} as ${principal}: Kerberos knows no such principal`,
    });
  });

  it('says that the KDC is down, and logs in once it is back', async () => {
    const { check } = withKeytab();
    await site.realm.goDown();
    await expect(check(forTheTest()))
      .rejects.toMatchObject({
        code: 'koji.no-kdc',
        effect: 'none',
        message: `Kerberos does not answer, and the bot needs a ticket for ${at()}: Cannot contact any KDC for realm '${site.realm.name}'`,
      })
      .finally(() => site.realm.comeBack());
    expect(await check(forTheTest())).toMatch(/logged in as bot/);
  });

  it('says whom the hub does not know', async () => {
    const principal = `stranger@${site.realm.name}`;
    const file = site.realm.keytab('stranger.keytab', principal);
    await fails({ 'keytab-file': file, principal }).toMatchObject({
      code: 'koji.login',
      message: `the bot cannot log in to ${at()}: Unknown user: ${principal}`,
    });
  });

  it('tells a ticket that the web server refuses from one that is not there', async () => {
    site.realm.keytab('http-again.keytab', 'HTTP/localhost');
    await fails(asBot())
      .toMatchObject({
        code: 'koji.login',
        message: `the bot cannot log in to ${at()}: the hub does not take its Kerberos ticket (HTTP 401)`,
      })
      .finally(() => site.realm.keytab('http.keytab', 'HTTP/localhost'));
  });

  it('passes on a hub that has no GSSAPI', async () => {
    const hub = site.front.byCertificate.href;
    await fails({ hub, ...asBot() }).toMatchObject({
      code: 'koji.no-answer',
      effect: 'none',
      message: expect.stringMatching(/did not answer sslLogin: .*certificate required/),
    });
  });

  it('does not trust a hub whose certificate nobody vouches for', async () => {
    await fails({ ...asBot(), 'ca-file': site.path('self-signed.pem') }).toMatchObject({
      code: 'koji.no-answer',
      effect: 'none',
      message: expect.stringMatching(/could not be sent sslLogin: SSL certificate problem/),
    });
  });

  it('ends curl when it is given up or takes too long', async () => {
    const { check } = site.byTicket({ ...asBot(), 'timeout-ms': 1 });
    await expect(check(forTheTest())).rejects.toMatchObject({
      code: 'koji.no-answer',
      message: expect.stringMatching(/did not answer sslLogin: no answer within 1 ms$/),
    });
    const told = new AbortController();
    const checking = withKeytab().check(told.signal);
    told.abort();
    await expect(checking).rejects.toMatchObject({
      effect: 'none',
      message: expect.stringMatching(/the call was given up/),
    });
    expect(site.loginFolders()).toEqual([]);
  });
});
