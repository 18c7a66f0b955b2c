import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import ceph from '../../../src/adapters/infra/ceph-storage.ts';
import { HostName, ZoneName } from '../../../src/domain/ids.ts';
import type { Storage } from '../../../src/jobs/ports/storage.ts';
import { storageVerdict } from '../../../src/policies/storage-verdict.ts';
import { shellOver } from '../../adapters/infra/ssh/shell-fixture.ts';
import { storageConformance } from '../../storage-conformance.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { makeKey, type OpenSshServer, openSshServer } from '../ssh/open-ssh-server.ts';
import { type CephUnderTest, cephCluster } from './ceph-cluster.ts';

const MON = HostName.parse('mon-01');
const GONE = HostName.parse('mon-02');
const SOON = { timeout: PATIENCE_MS, interval: 200 };
const { signal } = new AbortController();

const root = mkdtempSync(join(tmpdir(), 'signalbox-ceph-'));
let cluster: CephUnderTest;
let ssh: OpenSshServer;
let shell: ReturnType<typeof shellOver>;
let storage: Storage;
let check: (signal: AbortSignal) => Promise<string>;

beforeAll(async () => {
  const key = makeKey(join(root, 'id'));
  ssh = await openSshServer({ folder: join(root, 'sshd'), authorized: key });
  const { port, user, hostKeys } = ssh;
  const answering = { name: MON, ssh: { port, user }, key: hostKeys[0] };
  shell = shellOver([answering], {
    'key-file': join(root, 'id'),
    'state-dir': join(root, 'claims'),
  });
  cluster = await cephCluster(root);
  const absent = () => {
    throw new Error('not used by a storage');
  };
  const config = { on: [MON], command: cluster.words('ceph'), 'as-root': false };
  const connected = ceph.connect(ceph.config.parse(config), {
    zone: ZoneName.parse('test'),
    inventory: { current: absent },
    hostKeys: { expected: absent, replace: absent },
    secrets: { read: absent },
    shell: () => shell.shell,
  });
  storage = connected.port;
  check = connected.check;
});

afterAll(async () => {
  await cluster?.stop();
  await shell.close();
  await ssh.stop();
  rmSync(root, { recursive: true, force: true });
});

storageConformance('a real Ceph', async () => ({
  storage,
  now: Date.now,
  close: () => storage.unbar('192.0.2.17', signal),
}));

describe('a real Ceph', () => {
  const verdict = async (tolerated: readonly string[] = []) =>
    storageVerdict(await storage.health(signal), tolerated);

  it('is healthy while all is well, and says so', async () => {
    expect(await verdict()).toEqual({ kind: 'healthy' });
    expect(await check(signal)).toBe(
      'Ceph on mon-01: ok, nothing raised; 2 of 2 disks up on 2 nodes',
    );
  });

  it('is asked on the next host where one cannot be reached', async () => {
    const config = { on: [GONE, MON], command: cluster.words('ceph'), 'as-root': false };
    const { port } = ceph.connect(ceph.config.parse(config), {
      shell: () => shell.shell,
    } as Parameters<typeof ceph.connect>[1]);
    expect(await port.barred('192.0.2.17', signal)).toEqual({ kind: 'open' });
  });

  it('refuses a client that is barred, and takes it back', async () => {
    const write = () => cluster.tool('rados', '-p', 'rbd', 'put', 'object', join(root, 'id'));
    await write();
    await storage.bar('127.0.0.1', 3_600_000, signal);
    expect(await storage.barred('127.0.0.1', signal)).toMatchObject({ kind: 'barred' });
    await expect(write()).rejects.toThrow(/blocklisted|endpoint shutdown/i);
    await storage.unbar('127.0.0.1', signal);
    await write();
  });

  it('stops everything but what puts up with it, when a disk is gone', async () => {
    await cluster.tool('ceph', 'osd', 'set-group', 'noout', 'storage-02');
    await cluster.endDisk();
    const codes = async () => (await storage.health(signal)).alerts.map(({ code }) => code).sort();
    const expected = ['OSD_DOWN', 'OSD_FLAGS', 'OSD_HOST_DOWN', 'PG_DEGRADED'];
    await expect.poll(codes, SOON).toEqual(expected);
    expect(await verdict()).toMatchObject({ kind: 'stop' });
    expect(await verdict(expected)).toMatchObject({
      kind: 'degraded',
      because: expect.arrayContaining(['storage-02 is in maintenance']),
    });
  });
});
