import { appendFileSync, chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { RefusedHostKey } from '../../../src/adapters/infra/ssh/host-key.ts';
import { HostName } from '../../../src/domain/ids.ts';
import type { TestHost } from '../../adapters/infra/ssh/shell-fixture.ts';
import { makeKey } from '../ssh/open-ssh-server.ts';
import { builder, fingerprintOf, hello, sshSite } from './ssh-site.ts';

const site = sshSite();
const hostCa = makeKey(site.path('host-ca'));
makeKey(site.path('user-ca'));
afterEach(() => site.closeAll());
afterAll(() => site.remove());

describe('whom the openssh shell believes', () => {
  it('refuses a host whose key is unknown, and says how to accept it', async () => {
    const sshd = await site.server();
    const print = fingerprintOf(sshd.hostKeys[0] ?? '');
    const refused = hello(site.shell([builder(sshd, { key: undefined })]));
    await expect(refused).rejects.toMatchObject({
      code: 'ssh.host-key-unknown',
      effect: 'none',
      message: `Host key of builder-07 refused: it shows ssh-ed25519 ${print} and no key of it is known`,
      next: `Compare the fingerprint with the one on the console of builder-07. If it is the same, run \`signalbox hostkey accept builder-07 ${print}\`.`,
    });
  });

  it('refuses a host whose key has changed, with both fingerprints and the key itself', async () => {
    const sshd = await site.server();
    const old = makeKey(site.path('old-host-key'));
    const print = fingerprintOf(sshd.hostKeys[0] ?? '');
    const refused = hello(site.shell([builder(sshd, { key: old })]));
    await expect(refused).rejects.toMatchObject({
      code: 'ssh.host-key-changed',
      effect: 'none',
      message: `Host key of builder-07 refused: it shows ssh-ed25519 ${print} instead of ssh-ed25519 ${fingerprintOf(old)}`,
      cause: { key: sshd.hostKeys[0], fingerprint: print },
    });
    await expect(refused.catch((error: Error) => error.cause)).resolves.toBeInstanceOf(
      RefusedHostKey,
    );
  });

  it.each([0, 1, 2])(
    'asks a server with several keys for the one that is known (%i)',
    async (known) => {
      const sshd = await site.server([], ['ed25519', 'ecdsa', 'rsa']);
      const over = site.shell([builder(sshd, { key: sshd.hostKeys[known] })]);
      expect((await hello(over)).stdout).toBe('hello\n');
    },
  );

  it('refuses a server that no longer has the kind of key that is known', async () => {
    const sshd = await site.server([], ['ecdsa']);
    const key = makeKey(site.path('lost-kind'));
    await expect(hello(site.shell([builder(sshd, { key })]))).rejects.toMatchObject({
      code: 'ssh.host-key-changed',
    });
  });

  async function certified(names: string, validity?: string) {
    const sshd = await site.server();
    const key = join(sshd.folder, 'host_ed25519');
    const valid = validity === undefined ? {} : { validity };
    site.sign(site.path('host-ca'), key, { names, kind: 'host', ...valid });
    appendFileSync(join(sshd.folder, 'sshd_config'), `HostCertificate ${key}-cert.pub\n`);
    await sshd.stop();
    await sshd.start();
    return sshd;
  }
  const withCa = { 'host-ca-file': site.path('host-ca.pub') };

  it('believes a host with a certificate for its name, whatever key is on record', async () => {
    const sshd = await certified('builder-07');
    expect((await hello(site.shell([builder(sshd, { key: undefined })], withCa))).code).toBe(0);
    const key = makeKey(site.path('key-before-reinstallation'));
    expect((await hello(site.shell([builder(sshd, { key })], withCa))).code).toBe(0);
  });

  it('takes authorities as lines of known_hosts too', async () => {
    const sshd = await certified('builder-07');
    writeFileSync(
      site.path('authorities'),
      `# ours\n\n@cert-authority *.example.org ${hostCa} ca\n`,
    );
    const over = site.shell([builder(sshd, { key: undefined })], {
      'host-ca-file': site.path('authorities'),
    });
    expect((await hello(over)).stdout).toBe('hello\n');
  });

  it('names the key of a host whose certificate comes from somebody else', async () => {
    const sshd = await certified('builder-07');
    makeKey(site.path('another-ca'));
    const over = site.shell([builder(sshd, { key: undefined })], {
      'host-ca-file': site.path('another-ca.pub'),
    });
    await expect(hello(over)).rejects.toMatchObject({
      code: 'ssh.host-key-unknown',
      cause: { key: sshd.hostKeys[0] },
    });
  });

  it.each([
    ['web-01', undefined, 'name is not a listed principal'],
    ['builder-07', '20200101:20200201', 'expired'],
  ])('refuses a host with a certificate for %s, valid %s', async (names, validity, because) => {
    const sshd = await certified(names, validity);
    const over = site.shell([builder(sshd, { key: undefined })], withCa);
    await expect(hello(over)).rejects.toMatchObject({
      code: 'ssh.host-certificate-refused',
      effect: 'none',
      message: expect.stringContaining(because),
      next: 'Nothing was run. Have the host key of builder-07 signed anew for the name builder-07.',
    });
  });

  it('still believes the key on record of a host whose certificate has expired', async () => {
    const sshd = await certified('builder-07', '20200101:20200201');
    expect((await hello(site.shell([builder(sshd)], withCa))).stdout).toBe('hello\n');
  });

  it.each([
    ['nothing there', undefined],
    ['there is no public key in ', 'no key\n'],
  ])('says what is wrong with the file of authorities: %s', async (because, content) => {
    const file = site.path(`broken-ca-${content?.length}`);
    if (content !== undefined) writeFileSync(file, content);
    const over = site.shell([builder(await site.server())], { 'host-ca-file': file });
    const says = content === undefined ? 'no such file' : because;
    await expect(hello(over)).rejects.toMatchObject({
      code: 'ssh.no-host-ca',
      message: expect.stringContaining(says),
    });
  });
});

describe('how the openssh shell logs in', () => {
  async function userCertificate(name: string, validity?: string) {
    const ca = `TrustedUserCAKeys ${site.path('user-ca.pub')}`;
    const sshd = await site.server([ca]);
    makeKey(site.path(name));
    const valid = validity === undefined ? {} : { validity };
    site.sign(site.path('user-ca'), site.path(name), {
      names: sshd.user,
      kind: 'user',
      ...valid,
    });
    const login = {
      'key-file': site.path(name),
      'certificate-file': site.path(`${name}-cert.pub`),
    };
    return { sshd, login };
  }

  it('logs in with a certificate for a key that no host lists', async () => {
    const { sshd, login } = await userCertificate('certified-id');
    const over = site.shell([builder(sshd)], login);
    expect((await hello(over)).stdout).toBe('hello\n');
  });

  it('says that its certificate has expired, and does not try the bare key', async () => {
    const { sshd, login } = await userCertificate('expired-id', '20200101:20200201');
    await expect(hello(site.shell([builder(sshd)], login))).rejects.toMatchObject({
      code: 'ssh.no-key',
      effect: 'none',
      message: `No key to log in with: the certificate ${site.path('expired-id-cert.pub')} expired at ${localMidnight('2020-02-01')}`,
      next: 'Nothing was run. Have the key of signalbox signed anew.',
    });
  });

  it('says that its certificate is not valid yet', async () => {
    const { sshd, login } = await userCertificate('early-id', '29990101:29990201');
    await expect(hello(site.shell([builder(sshd)], login))).rejects.toThrow('is not valid before');
  });

  it('says that a host does not accept its certificate', async () => {
    const { login } = await userCertificate('foreign-id');
    const sshd = await site.server();
    await expect(hello(site.shell([builder(sshd)], login))).rejects.toMatchObject({
      code: 'ssh.auth-failed',
      message: `SSH login to builder-07 failed: it does not accept our certificate for ${sshd.user}`,
    });
  });

  it('says that a file holds no certificate', async () => {
    const config = { 'certificate-file': site.path('id.pub') };
    const { check } = site.open([], config);
    await expect(check(AbortSignal.timeout(5_000))).rejects.toThrow('there is no certificate in');
  });

  it('says that its key is not accepted', async () => {
    const sshd = await site.server();
    makeKey(site.path('other-id'));
    const over = site.shell([builder(sshd)], { 'key-file': site.path('other-id') });
    await expect(hello(over)).rejects.toMatchObject({
      code: 'ssh.auth-failed',
      effect: 'none',
      message: `SSH login to builder-07 failed: it does not accept our key for ${sshd.user}`,
    });
  });

  it('says that its key is readable by everybody', async () => {
    const sshd = await site.server();
    copyFileSync(site.path('id'), site.path('open-id'));
    chmodSync(site.path('open-id'), 0o644);
    const over = site.shell([builder(sshd)], { 'key-file': site.path('open-id') });
    await expect(hello(over)).rejects.toMatchObject({
      code: 'ssh.no-key',
      message: expect.stringContaining('bad permissions'),
    });
  });

  it('checks its key and says which ssh it uses', async () => {
    const opened = site.open([builder(await site.server())]);
    const said = await opened.check(AbortSignal.timeout(5_000));
    expect(said).toMatch(/^OpenSSH_\S+, key \/.*\/id$/);
    const without = site.open([], { 'key-file': '/no/such/key' });
    await expect(without.check(AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: 'ssh.no-key',
    });
  });

  async function behindJump() {
    const jump = await site.server();
    const sshd = await site.server();
    const gate: TestHost = { name: 'jump-1', ssh: jump, key: jump.hostKeys[0] };
    const { port, user } = sshd;
    return {
      jump,
      sshd,
      gate,
      inner: builder(sshd, { ssh: { port, user, jump: [HostName.parse('jump-1')] } }),
    };
  }

  it('checks the key of the jump host', async () => {
    const { gate, inner } = await behindJump();
    await expect(hello(site.shell([{ ...gate, key: undefined }, inner]))).rejects.toThrow(
      'Host key of jump-1 refused',
    );
  });

  it('checks the key of the host behind the jump host', async () => {
    const { gate, inner, sshd } = await behindJump();
    await expect(hello(site.shell([gate, { ...inner, key: gate.key }]))).rejects.toMatchObject({
      message: expect.stringContaining('Host key of builder-07 refused'),
      cause: { key: sshd.hostKeys[0] },
    });
  });
});

/** ssh-keygen -V reads dates in the time zone of the machine. */
function localMidnight(day: string): string {
  return new Date(`${day}T00:00:00`).toISOString();
}
