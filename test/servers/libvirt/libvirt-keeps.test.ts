import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { installToken } from '../../../src/adapters/infra/install-server/install-token.ts';
import type { GuestDefinition } from '../../../src/jobs/ports/hypervisor.ts';
import {
  GUEST,
  IMAGE,
  installation,
  NONCE,
  OP,
} from '../../adapters/infra/libvirt/example-guest.ts';
import { startVirtHost, type VirtHost } from '../guest-host/start-virt-host.ts';
import { type LibvirtSite, libvirtSite } from './libvirt-site.ts';

const { signal } = new AbortController();
const VNC = "<graphics type='vnc' port='-1' autoport='yes' passwd='s3cret'/>";
const UUID = '658dd4f0-4511-4813-88dc-d3a5ba450e2b';

describe('a guest of libvirt that is made anew', () => {
  let host: VirtHost;
  let site: LibvirtSite;
  beforeAll(async () => {
    host = await startVirtHost();
  });
  afterAll(() => host.stop());
  beforeEach(() => {
    site = libvirtSite(host);
  });
  afterEach(() => site.close());

  const seed = () => `${site.root}.${OP}.seed.iso`;
  const inSeed = (file: string) => host.run('isoinfo', '-R', '-i', seed(), '-x', `/${file}`);
  const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  const definition = () => site.hypervisor.definition(GUEST, signal);
  const undefine = () => site.hypervisor.undefine(GUEST, installation(), signal);
  async function putBack(saved: GuestDefinition) {
    await site.hypervisor.freshDisks(GUEST, saved, installation(), signal);
    await site.hypervisor.define(GUEST, saved, installation(), signal);
    await site.hypervisor.start(GUEST, installation(), signal);
  }

  it('has a root disk over the golden image, as large as the old one, and the same other disk', async () => {
    site.defineGuest();
    host.run('qemu-io', '-c', 'write -P 0x5a 1M 64k', site.kept);
    host.run('qemu-io', '-c', 'write -P 0x77 1M 64k', site.root);
    const before = digest(site.golden);
    const saved = await definition();
    await undefine();
    await putBack(saved);
    const info = JSON.parse(host.run('qemu-img', 'info', '-U', '--output=json', site.root));
    expect(info).toMatchObject({
      'backing-filename': site.golden,
      'backing-filename-format': 'qcow2',
      'virtual-size': 16 * 1024 * 1024,
    });
    const holds = (file: string, pattern: string) =>
      host.run('qemu-io', '-U', '-r', '-c', `read -P ${pattern} 1M 64k`, file);
    expect(holds(site.kept, '0x5a')).not.toContain('Pattern verification failed');
    expect(holds(`${site.root}.${OP}`, '0x77')).not.toContain('Pattern verification failed');
    expect(holds(site.root, '0')).not.toContain('Pattern verification failed');
    expect(digest(site.golden)).toBe(before);
  });

  it('finds its seed in a CD-ROM, for its owner alone, until the old disk is discarded', async () => {
    site.defineGuest();
    const saved = await definition();
    await undefine();
    await putBack(saved);
    expect(statSync(seed()).mode & 0o777).toBe(0o600);
    expect(host.run('isoinfo', '-d', '-i', seed())).toContain('Volume id: cidata');
    expect(JSON.parse(inSeed('meta-data'))).toEqual({ 'instance-id': OP, 'local-hostname': GUEST });
    const token = installToken(GUEST, installation());
    expect(inSeed('user-data')).toContain(`"nonce": "${NONCE}"`);
    expect(inSeed('user-data')).toContain(`http://10.0.0.5:8090/b/${token}/report`);
    expect(site.virsh('domblklist', GUEST)).toContain(seed());
    await site.hypervisor.discardOld(GUEST, installation(), signal);
    expect(readdirSync(site.disks).sort()).toEqual(['builder-09-cache.qcow2', 'builder-09.qcow2']);
    expect(site.virsh('dumpxml', GUEST)).not.toContain('seed.iso');
    expect(site.virsh('dumpxml', GUEST, '--inactive')).not.toContain('cdrom');
    site.virsh('destroy', GUEST);
    site.virsh('start', GUEST);
  });

  it('leaves the nonce nowhere but in the seed', async () => {
    site.defineGuest();
    const saved = await definition();
    await undefine();
    await putBack(saved);
    const found = host.run('sh', '-c', `grep -rl ${NONCE} "$1" || true`, 'sh', site.home);
    expect(found.trim().split('\n')).toEqual([seed()]);
  });

  it('is the same machine to its firmware and its TPM', async () => {
    const nvram = join(site.home, 'vars.fd');
    site.defineGuest({ uuid: UUID, nvram, tpm: true });
    site.virsh('start', GUEST);
    site.virsh('destroy', GUEST);
    const tpm = join(site.tpm, UUID, 'tpm2/tpm2-00.permall');
    const before = [digest(nvram), digest(tpm)];
    const saved = await definition();
    await undefine();
    expect([digest(nvram), digest(tpm)]).toEqual(before);
    // What an older libvirt takes with the guest.
    rmSync(nvram);
    rmSync(join(site.tpm, UUID), { recursive: true });
    await site.hypervisor.freshDisks(GUEST, saved, installation(), signal);
    await site.hypervisor.define(GUEST, saved, installation(), signal);
    expect([digest(nvram), digest(tpm)]).toEqual(before);
    await site.hypervisor.start(GUEST, installation(), signal);
    expect(site.virsh('dumpxml', GUEST)).toContain(UUID);
  });

  it('starts with its hypervisor if it did before', async () => {
    site.defineGuest();
    site.virsh('autostart', GUEST);
    const saved = await definition();
    await undefine();
    await putBack(saved);
    expect(site.virsh('list', '--all', '--autostart', '--name').trim()).toBe(GUEST);
  });

  it('has its console password again, which is in no definition that leaves the hypervisor', async () => {
    site.defineGuest({ devices: VNC });
    const saved = await definition();
    expect(saved.xml).toContain("type='vnc'");
    expect(saved.xml).not.toContain('s3cret');
    await undefine();
    await site.hypervisor.freshDisks(GUEST, saved, installation(), signal);
    await site.hypervisor.define(GUEST, saved, installation(), signal);
    expect(site.virsh('dumpxml', GUEST, '--security-info')).toContain("passwd='s3cret'");
    await site.hypervisor.discardOld(GUEST, installation(), signal);
    expect(host.run('sh', '-c', 'grep -rl s3cret "$1" || true', 'sh', site.state)).toBe('');
  });

  it('is read through once for its golden image, and again when that was touched', async () => {
    site.defineGuest();
    const check = () => site.hypervisor.check(GUEST, IMAGE, signal);
    await check();
    const [name = ''] = readdirSync(join(site.state, 'golden'));
    const noted = () => readFileSync(join(site.state, 'golden', name), 'utf8');
    const first = noted();
    await check();
    expect(noted()).toBe(first);
    host.run('touch', site.golden);
    await check();
    expect(noted()).not.toBe(first);
    expect(existsSync(join(site.state, 'golden', `${name}.new`))).toBe(false);
  });
});
