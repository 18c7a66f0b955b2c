import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import redfish from '../../../src/adapters/infra/redfish-power.ts';
import { environmentSecrets } from '../../../src/adapters/secrets/environment-secrets.ts';
import { HostName, ZoneName } from '../../../src/domain/ids.ts';
import { plainHost, plainInventory } from '../../plain-inventory.ts';
import { powerConformance } from '../../power-conformance.ts';
import { type Authority, type KeyAndCertificate, makeAuthority } from '../checks/certificates.ts';
import { type RedfishServer, sushyEmulator } from './sushy-emulator.ts';

const [NODE, OTHER, GUEST] = ['node-01', 'node-02', 'guest-01'].map((name) => HostName.parse(name));
const zone = ZoneName.parse('test');
const { signal } = new AbortController();

const root = mkdtempSync(join(tmpdir(), 'signalbox-redfish-'));
let authority: Authority;
let own: KeyAndCertificate;
let server: RedfishServer;

beforeAll(async () => {
  authority = makeAuthority(root);
  own = authority.issue('localhost', 20);
  server = await sushyEmulator(root, own, [`${NODE}`, `${OTHER}`]);
});

afterAll(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

/** The driver over two machines behind one emulator, and a guest. */
function connectRedfish(config: Record<string, unknown>, password = 'password') {
  const hosts = [
    plainHost(NODE as HostName, { bmc: server.bmc }),
    plainHost(OTHER as HostName, { bmc: server.bmc }),
    plainHost(GUEST as HostName),
  ];
  const absent = () => {
    throw new Error('not used by Redfish');
  };
  const whole = { login: { user: 'admin', 'password-from': 'bmc' }, system: '{host}', ...config };
  return redfish.connect(redfish.config.parse(whole), {
    zone,
    inventory: {
      current: () => plainInventory(hosts),
    },
    hostKeys: { expected: absent, replace: absent },
    secrets: environmentSecrets({ env: { SIGNALBOX_SECRET_BMC: password }, learn: () => {} }),
    shell: absent,
  });
}

const trusting = () => ({ 'ca-file': authority.caFile });

powerConformance('Redfish', async () => {
  const { port: power } = connectRedfish(trusting());
  const all = { host: NODE as HostName, other: OTHER as HostName, uncontrolled: GUEST as HostName };
  return {
    power,
    ...all,
    async close() {
      await power.on(all.host, signal);
      await expect.poll(() => power.state(all.host, signal)).toBe('on');
    },
  };
});

describe('Redfish', () => {
  const state = (config: Record<string, unknown>, password?: string) =>
    connectRedfish(config, password).port.state(NODE as HostName, signal);

  it('answers signalbox check', async () => {
    const said = await connectRedfish(trusting()).check(signal);
    expect(said).toBe('2 controllers answer, 2 hosts are on');
  });

  it('gives its password to no stranger', async () => {
    await expect(state({})).rejects.toMatchObject({ code: 'power.no-answer', effect: 'none' });
    const fingerprints = { [`${NODE}`]: 'a'.repeat(64) };
    await expect(state({ fingerprints })).rejects.toThrow('it shows another certificate');
  });

  it('knows a controller by its fingerprint alone', async () => {
    const { fingerprint256 } = new X509Certificate(own.cert);
    expect(await state({ fingerprints: { [`${NODE}`]: fingerprint256 } })).toBe('on');
  });

  it('says that a password is refused, and that a system is not there', async () => {
    await expect(state(trusting(), 'wrong')).rejects.toThrow('HTTP 401');
    await expect(state({ ...trusting(), system: '7' })).rejects.toThrow('HTTP 404');
  });

  it('does not guess which of several systems is meant', async () => {
    await expect(state({ ...trusting(), system: undefined })).rejects.toMatchObject({
      code: 'power.unreadable',
      message: expect.stringContaining('it has 2 systems'),
    });
  });
});
