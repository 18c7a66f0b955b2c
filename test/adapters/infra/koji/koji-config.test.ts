import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import koji from '../../../../src/adapters/infra/koji.ts';
import { startKojiHub } from '../../../../src/adapters/simulated/koji-hub/koji-hub.ts';
import { HostName, ZoneName } from '../../../../src/domain/ids.ts';
import type { Host } from '../../../../src/domain/inventory.ts';
import { plainHost, plainInventory } from '../../../plain-inventory.ts';
import { BOT, labState } from './koji-lab.ts';

const signal = new AbortController().signal;
const PASSWORD = { login: 'password', user: 'bot' };

function connect(config: unknown, ...hosts: readonly Host[]) {
  const absent = () => {
    throw new Error('not used by koji');
  };
  const connected = koji.connect(koji.config.parse(config), {
    zone: ZoneName.parse('staging'),
    inventory: { current: () => plainInventory(hosts) },
    hostKeys: absent as never,
    secrets: { read: absent },
    shell: absent,
  });
  onTestFinished(() => connected.close());
  return connected;
}

async function hubFor(options: Partial<Parameters<typeof startKojiHub>[0]> = {}) {
  const state = labState();
  const hub = await startKojiHub({ state, users: [BOT], host: '127.0.0.1', port: 0, ...options });
  onTestFinished(() => hub.close());
  return { hub, state };
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'koji-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

describe("koji's configuration", () => {
  it.each([
    ['https://koji.example.org/kojihub', true],
    ['http://127.0.0.1:8080/kojihub', true],
    ['http://localhost/kojihub', true],
    ['http://[::1]/kojihub', true],
    ['http://koji.example.org/kojihub', false],
    ['http://127.0.0.1.example.org/kojihub', false],
    ['https://bot:secret@koji.example.org/kojihub', false],
    ['https://koji.example.org/kojihub?a=b', false],
    ['ftp://koji.example.org/kojihub', false],
    ['koji', false],
  ])('%s as the hub: %s', (hub, accepted) => {
    expect(koji.config.safeParse({ hub, ...PASSWORD }).success).toBe(accepted);
  });

  it('says why plain http is refused', () => {
    const parsed = koji.config.safeParse({ hub: 'http://koji.example.org/kojihub', ...PASSWORD });
    expect(parsed.error?.issues[0]).toMatchObject({
      path: ['hub'],
      message:
        'expected https: plain http is only for a hub on this machine (localhost, 127.0.0.1, [::1])',
    });
  });

  it('asks for the files of a certificate, and knows no other keys', () => {
    const hub = 'https://koji.example.org/kojihub';
    const parsed = koji.config.safeParse({ hub, login: 'certificate', password: 'x' });
    expect(parsed.error?.issues.map(({ path, code }) => `${code} ${path}`)).toEqual([
      'invalid_type certificate-file',
      'invalid_type key-file',
      'unrecognized_keys ',
    ]);
  });
});

describe("koji's configuration of GSSAPI", () => {
  const hub = 'https://koji.example.org/kojihub';
  const keytab = { 'keytab-file': '/etc/signalbox/bot.keytab', principal: 'bot@EXAMPLE.ORG' };
  const problems = (more: object) =>
    koji.config.safeParse({ hub, login: 'gssapi', ...more }).error?.issues.map(issueText);
  const issueText = ({ path, message }: { path: PropertyKey[]; message: string }) =>
    `${path.join('.')}: ${message}`;

  it.each([
    keytab,
    { ...keytab, principal: 'signalbox/bot.example.org@EXAMPLE.ORG' },
    { ccache: 'FILE:/run/signalbox/ccache' },
    { ccache: '/run/signalbox/ccache' },
    { ccache: 'KCM:' },
  ])('takes %o', (more) => {
    expect(problems(more)).toBeUndefined();
  });

  it.each([
    {},
    { 'keytab-file': keytab['keytab-file'] },
    { principal: keytab.principal },
    { ...keytab, ccache: 'KCM:' },
    { principal: keytab.principal, ccache: 'KCM:' },
  ])('wants one of two ways, not %o', (more) => {
    expect(problems(more)).toEqual([': expected either keytab-file and principal, or ccache']);
  });

  it.each(['bot', 'bot@', '@EXAMPLE.ORG', 'bot@EXAMPLE.ORG\nboss@EXAMPLE.ORG', 'b t@EXAMPLE.ORG'])(
    'does not take %o for a principal',
    (principal) => {
      expect(problems({ ...keytab, principal })).toEqual([
        'principal: expected a Kerberos principal such as signalbox@EXAMPLE.ORG',
      ]);
    },
  );

  it('does not take tickets in memory, which no other process sees', () => {
    expect(problems({ ccache: 'MEMORY:x' })).toEqual([
      'ccache: expected a credential cache such as FILE:/run/signalbox/ccache',
    ]);
  });
});

describe('a connected koji', () => {
  it('makes no connection until it is used', () => {
    connect({ hub: 'http://127.0.0.1:1/kojihub', ...PASSWORD });
  });

  it('takes the password from its file', async () => {
    const { hub } = await hubFor();
    const file = join(folder(), 'password');
    writeFileSync(file, `${BOT.password}\n`);
    const { check } = connect({ hub: hub.url.href, ...PASSWORD, 'password-file': file });
    expect(await check(signal)).toBe(
      `koji 1.35.3 at ${hub.url.host}, logged in as bot with a password, may: host`,
    );
  });

  it('names the file that it cannot read', async () => {
    const { hub } = await hubFor();
    const gone = { 'password-file': '/nonexistent/password' };
    const { check } = connect({ hub: hub.url.href, ...PASSWORD, ...gone });
    await expect(check(signal)).rejects.toMatchObject({
      code: 'koji.login',
      message: `the bot cannot log in to koji at ${hub.url.host}: password-file /nonexistent/password cannot be read (ENOENT)`,
    });
  });

  it('asks for a host under the name it has in the build system', async () => {
    const { hub, state } = await hubFor();
    process.env.SIGNALBOX_KOJI_PASSWORD = BOT.password;
    const name = HostName.parse('bvm-07');
    const host = plainHost(name, { buildName: 'builder-01' });
    const { port } = connect({ hub: hub.url.href, ...PASSWORD }, host);
    await port.disable(name, 'op-7k2m', signal);
    expect(state.host('builder-01').enabled).toBe(false);
  });

  it('acts on no builder for a host that the inventory has lost: another may have its name', async () => {
    const { hub } = await hubFor();
    const { port } = connect({ hub: hub.url.href, ...PASSWORD });
    await expect(port.disable(HostName.parse('builder-01'), 'gone', signal)).rejects.toMatchObject({
      code: 'inventory.missing',
      effect: 'none',
    });
  });

  it('logs out when it is closed', async () => {
    const { hub } = await hubFor();
    process.env.SIGNALBOX_KOJI_PASSWORD = BOT.password;
    const { check, close } = connect({ hub: hub.url.href, ...PASSWORD });
    await check(signal);
    await close();
    expect(hub.carriedOut().at(-1)).toBe('logout');
  });

  it.skipIf(!hasOpenssl())('logs in with a client certificate', async () => {
    const at = folder();
    const names = { hub: 'localhost', bot: 'bot', stranger: 'stranger' };
    for (const [file, name] of Object.entries(names)) makeCertificate(at, file, name);
    const pem = (file: string) => readFileSync(join(at, file), 'utf8');
    const ca = ['bot.pem', 'stranger.pem'].map(pem).join('');
    const { hub } = await hubFor({ tls: { cert: pem('hub.pem'), key: pem('hub.key'), ca } });
    const url = hub.url.href.replace('127.0.0.1', 'localhost');
    const files = (name: string) => ({
      login: 'certificate',
      'certificate-file': join(at, `${name}.pem`),
      'key-file': join(at, `${name}.key`),
      'ca-file': join(at, 'hub.pem'),
    });
    expect(await connect({ hub: url, ...files('bot') }).check(signal)).toMatch(/logged in as bot/);
    await expect(connect({ hub: url, ...files('stranger') }).check(signal)).rejects.toMatchObject({
      code: 'koji.login',
      message: expect.stringMatching(/Unknown user: stranger$/),
    });
    const foreign = { ...files('bot'), 'ca-file': join(at, 'bot.pem') };
    await expect(connect({ hub: url, ...foreign }).check(signal)).rejects.toMatchObject({
      code: 'koji.no-answer',
      effect: 'none',
    });
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
}

function makeCertificate(at: string, file: string, name: string): void {
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const subject = ['-nodes', '-days', '1', '-subj', `/CN=${name}`];
  const names = ['-addext', `subjectAltName=DNS:${name}`];
  const out = ['-keyout', join(at, `${file}.key`), '-out', join(at, `${file}.pem`)];
  execFileSync('openssl', [...request, ...subject, ...names, ...out], { stdio: 'ignore' });
}
