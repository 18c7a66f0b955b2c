import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import driver from '../../../src/adapters/infra/alertmanager.ts';
import { OpId, UserId } from '../../../src/domain/ids.ts';
import { connectDowntime } from '../../adapters/infra/downtime/connect-downtime.ts';
import { downtimeConformance, HOST, OTHER_HOST } from '../../downtime-conformance.ts';
import { eventually } from '../program/eventually.ts';
import { type AlertmanagerOptions, alertmanagerServer } from './alertmanager-server.ts';

const MINUTE = 60_000;
const { signal } = new AbortController();
const op = OpId.parse('op-7k2m');
const notice = () => {
  const by = UserId.parse('ana');
  return { op, by, reason: 'reimage builder-07', until: Date.now() + 30 * MINUTE };
};

async function started(options: AlertmanagerOptions = {}) {
  const server = await alertmanagerServer(options);
  onTestFinished(() => server.close());
  return server;
}

downtimeConformance('Alertmanager', async () => {
  const server = await alertmanagerServer();
  for (const host of [HOST, OTHER_HOST]) await server.alert(host);
  return {
    worker: () => connectDowntime(driver, { urls: [server.url] }).hook,
    isQuiet: (host) => server.isSuppressed(host),
    // Only one host is silenced in these tests.
    standing: async () => (await server.silences()).length,
    now: Date.now,
    tick: () => undefined,
    close: () => server.close(),
  };
});

describe('a silence in a real Alertmanager', () => {
  it('says which operation began it, what for and for whom', async () => {
    const server = await started();
    const { hook } = connectDowntime(driver, { urls: [server.url] });
    await hook.begin(HOST, notice(), signal);
    expect(await server.silences()).toMatchObject([
      { createdBy: 'signalbox op-7k2m', comment: 'reimage builder-07, asked by ana' },
    ]);
  });

  it('stays one and the same while it is renewed', async () => {
    const server = await started();
    const { hook } = connectDowntime(driver, { urls: [server.url] });
    await hook.begin(HOST, notice(), signal);
    const [first] = await server.history();
    await hook.begin(HOST, { ...notice(), until: Date.now() + 40 * MINUTE }, signal);
    const [second, ...more] = await server.history();
    expect(more).toEqual([]);
    expect(second?.id).toBe(first?.id);
    expect(Date.parse(second?.endsAt ?? '')).toBeGreaterThan(Date.parse(first?.endsAt ?? ''));
  });

  it('is found by matchers with quotes and backslashes in them too', async () => {
    const server = await started();
    const matchers = ['instance=~"{host}(:\\d+)?"', 'alertname!~"\\"|\\\\\\\\"'];
    const config = { urls: [server.url], matchers };
    await server.alert(HOST);
    for (const _ of ['once', 'twice']) {
      await connectDowntime(driver, config).hook.begin(HOST, notice(), signal);
    }
    expect(await server.isSuppressed(HOST)).toBe(true);
    expect(await server.history()).toHaveLength(1);
    await connectDowntime(driver, config).hook.end(HOST, op, signal);
    expect(await server.isSuppressed(HOST)).toBe(false);
  });

  it('of somebody else about the same host is left alone', async () => {
    const server = await started();
    await server.alert(HOST);
    const add = ['silence', 'add', '-a', 'ben', '-c', 'mine', '-d', '1h'];
    execFileSync('amtool', [
      `--alertmanager.url=${server.url}`,
      ...add,
      'instance=~"builder-07\\.example\\.org(:[0-9]+)?"',
    ]);
    const { hook } = connectDowntime(driver, { urls: [server.url] });
    await hook.begin(HOST, notice(), signal);
    await hook.end(HOST, op, signal);
    expect(await server.isSuppressed(HOST)).toBe(true);
    expect(await server.silences()).toMatchObject([{ createdBy: 'ben' }]);
  });

  it('that it does not take is refused by name', async () => {
    const server = await started();
    const matchers = ['instance=~"{host}("'];
    const { hook } = connectDowntime(driver, { urls: [server.url], matchers });
    await expect(hook.begin(HOST, notice(), signal)).rejects.toMatchObject({
      code: 'downtime.refused',
      message: expect.stringMatching(/HTTP 400: .*regexp/),
    });
  });
});

describe('a real Alertmanager', () => {
  it('that is down is named, and found again when it is back', async () => {
    const server = await started();
    await server.stop();
    const { hook, check } = connectDowntime(driver, { urls: [server.url] });
    for (const ask of [() => hook.begin(HOST, notice(), signal), () => check(signal)]) {
      await expect(ask()).rejects.toMatchObject({
        code: 'downtime.no-answer',
        message: expect.stringContaining(`Alertmanager at ${new URL(server.url).host}`),
      });
    }
    await server.start();
    await hook.begin(HOST, notice(), signal);
    expect(await server.silences()).toHaveLength(1);
  });

  it('says its version when it is checked', async () => {
    const server = await started();
    const { check } = connectDowntime(driver, { urls: [server.url] });
    expect(await check(signal)).toMatch(/^Alertmanager \d+\.\d+\.\d+ at 127\.0\.0\.1:\d+$/);
  });

  it('hands its silences to the other member of its cluster, where they go on and end', async () => {
    const first = await started();
    const second = await started({ peer: first.gossip });
    const urls = [first.url, second.url];
    const { hook } = connectDowntime(driver, { urls });
    await hook.begin(HOST, notice(), signal);
    await eventually(async () => (await second.silences()).length === 1);
    await first.stop();
    await hook.begin(HOST, notice(), signal);
    expect(await second.history()).toHaveLength(1);
    await hook.end(HOST, op, signal);
    expect(await second.silences()).toEqual([]);
  });

  it('is believed by its authority, and asks for a login', async () => {
    const server = await started({ web: withTlsAndLogin });
    const config = { urls: [server.url], 'ca-file': join(server.folder, 'cert.pem') };
    const login = { user: 'signalbox', 'password-from': 'alerts' };
    const env = { SIGNALBOX_SECRET_ALERTS: 'hunter2' };
    await expect(
      connectDowntime(driver, { urls: config.urls, login }, env).check(signal),
    ).rejects.toThrow('self-signed certificate');
    await expect(connectDowntime(driver, config).check(signal)).rejects.toThrow('HTTP 401');
    const { hook, check } = connectDowntime(driver, { ...config, login }, env);
    expect(await check(signal)).toMatch(/^Alertmanager /);
    await hook.begin(HOST, notice(), signal);
    await hook.end(HOST, op, signal);
    const { hook: lost } = connectDowntime(driver, { ...config, 'ca-file': '/nowhere/ca.pem' });
    await expect(lost.end(HOST, op, signal)).rejects.toMatchObject({
      code: 'downtime.no-authority',
    });
  });
});

/** bcrypt of `hunter2`. */
const HASH = '$2b$04$2eNx2Ijx00FPZLAgu9NOjuAF0UM7DBpGczhG6XgSPkA..Ypg46qXy';

function withTlsAndLogin(folder: string): string {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const names = ['-subj', '/CN=alerts', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const out = ['-nodes', '-days', '1', '-keyout', key, '-out', cert];
  execFileSync('openssl', [...made, ...names, ...out], { stdio: 'ignore' });
  return [
    'tls_server_config:',
    `  cert_file: ${cert}`,
    `  key_file: ${key}`,
    'basic_auth_users:',
    `  signalbox: ${HASH}`,
    '',
  ].join('\n');
}
