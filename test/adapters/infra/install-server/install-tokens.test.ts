import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriverEnvironment } from '../../../../src/adapters/driver.ts';
import { installToken } from '../../../../src/adapters/infra/install-server/install-token.ts';
import type { InstallTokens } from '../../../../src/adapters/infra/install-server/install-tokens.ts';
import { memoryInstallTokens } from '../../../../src/adapters/infra/install-server/memory-install-tokens.ts';
import { redisInstallTokens } from '../../../../src/adapters/infra/install-server/redis-install-tokens.ts';
import driver from '../../../../src/adapters/infra/install-server-reports.ts';
import { embeddedStore } from '../../../../src/adapters/store/embedded-store.ts';
import type { Store } from '../../../../src/adapters/store/store.ts';
import { OpId, ZoneName } from '../../../../src/domain/ids.ts';
import { HOST, IMAGE, installation, NONCE, OP } from '../boot/example-image.ts';

const zone = ZoneName.parse('staging');
const LATER = OpId.parse('op-9xyz');
const { signal } = new AbortController();
const install = { host: HOST, op: OP, image: IMAGE, nonce: NONCE };
const report = { nonce: NONCE, image: IMAGE, hostKey: 'ssh-ed25519 AAAA1' };

let store: Store;
beforeAll(async () => {
  store = await embeddedStore();
});
afterAll(() => store.close());

const inValkey = (prefix = `${randomUUID()}:`, of = zone) =>
  redisInstallTokens(store.connection('commands'), { zone: of, prefix });

describe.each([
  ['in memory', () => memoryInstallTokens()],
  ['in Valkey', () => inValkey()],
])('tokens of the install server %s', (_, make) => {
  let tokens: InstallTokens;
  beforeEach(() => {
    tokens = make();
  });

  it('are unknown before they are opened', async () => {
    expect(await tokens.find('a')).toBeUndefined();
    expect(await tokens.findReported('a')).toBeUndefined();
    expect(await tokens.tokenOf(HOST)).toBeUndefined();
    expect(await tokens.report('a', report)).toBe('refused');
    expect(await tokens.reportOf(OP, HOST)).toBeUndefined();
    await tokens.close(OP, HOST);
  });

  it('are found while they are open, by token and by host', async () => {
    for (const _ of ['once', 'twice']) await tokens.open('a', install);
    expect(await tokens.find('a')).toEqual(install);
    expect(await tokens.tokenOf(HOST)).toBe('a');
    for (const _ of ['once', 'twice']) await tokens.close(OP, HOST);
    expect(await tokens.find('a')).toBeUndefined();
    expect(await tokens.tokenOf(HOST)).toBeUndefined();
  });

  it('stay closed', async () => {
    await tokens.open('a', install);
    await tokens.close(OP, HOST);
    await tokens.open('a', install);
    expect(await tokens.find('a')).toBeUndefined();
  });

  it('are closed by another one of the same operation and host', async () => {
    await tokens.open('a', install);
    await tokens.open('b', { ...install, nonce: 'another' });
    expect(await tokens.find('a')).toBeUndefined();
    expect(await tokens.tokenOf(HOST)).toBe('b');
  });

  it('take one report, which closes them', async () => {
    await tokens.open('a', install);
    const answers = await Promise.all([
      tokens.report('a', report),
      tokens.report('a', { ...report, hostKey: 'ssh-ed25519 AAAA2' }),
    ]);
    expect(answers).toEqual(['taken', 'refused']);
    expect(await tokens.report('a', report)).toBe('same');
    expect(await tokens.reportOf(OP, HOST)).toEqual(report);
    expect(await tokens.find('a')).toBeUndefined();
    expect(await tokens.findReported('a')).toEqual(install);
  });

  it('keep the report when the operation closes them', async () => {
    await tokens.open('a', install);
    await tokens.report('a', { ...report, bootId: 'b-1' });
    await tokens.close(OP, HOST);
    expect(await tokens.reportOf(OP, HOST)).toEqual(report);
  });

  it('take no report once they were closed', async () => {
    await tokens.open('a', install);
    await tokens.close(OP, HOST);
    expect(await tokens.report('a', report)).toBe('refused');
    expect(await tokens.findReported('a')).toBeUndefined();
  });

  it('of an older operation do not stand in the way of a newer one', async () => {
    await tokens.open('a', install);
    await tokens.open('b', { ...install, op: LATER });
    await tokens.close(OP, HOST);
    expect(await tokens.tokenOf(HOST)).toBe('b');
    expect(await tokens.find('b')).toMatchObject({ op: LATER });
  });
});

describe('tokens in Valkey', () => {
  it('are seen by every worker of their zone, and by no other', async () => {
    const prefix = `${randomUUID()}:`;
    await inValkey(prefix).open('a', install);
    expect(await inValkey(prefix).find('a')).toEqual(install);
    expect(await inValkey(prefix, ZoneName.parse('production')).find('a')).toBeUndefined();
  });
});

describe('the reports of the install server', () => {
  const config = driver.config.parse({
    url: 'http://127.0.0.1:9',
    listen: '127.0.0.1',
    files: '/srv/signalbox/install',
  });
  const connected = (installTokens?: InstallTokens) =>
    driver.connect(config, { ...(installTokens && { installTokens }) } as DriverEnvironment);

  it('open, report and close over the same tokens as the server', async () => {
    const tokens = memoryInstallTokens();
    const { port } = connected(tokens);
    await port.open(HOST, installation(), signal);
    const token = installToken(HOST, installation());
    expect(await tokens.find(token)).toEqual(install);
    expect(await port.reportOf(OP, HOST, signal)).toBeUndefined();
    await tokens.report(token, report);
    expect(await port.reportOf(OP, HOST, signal)).toEqual(report);
    await port.close(OP, HOST, signal);
    expect(await tokens.find(token)).toBeUndefined();
  });

  it('say so when this process keeps no tokens', async () => {
    await expect(connected().port.reportOf(OP, HOST, signal)).rejects.toMatchObject({
      code: 'installer.no-token-store',
      effect: 'none',
    });
  });

  it('say so when the server does not answer', async () => {
    await expect(connected(memoryInstallTokens()).check(signal)).rejects.toMatchObject({
      code: 'installer.server-silent',
      effect: 'none',
      message: 'The install server at http://127.0.0.1:9/ gave no answer: bad port',
    });
  });
});
