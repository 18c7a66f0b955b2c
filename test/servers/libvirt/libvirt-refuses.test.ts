import { chmodSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../../src/domain/inventory.ts';
import { GUEST, IMAGE } from '../../adapters/infra/libvirt/example-guest.ts';
import { startVirtHost, type VirtHost } from '../guest-host/start-virt-host.ts';
import { type LibvirtSite, libvirtSite } from './libvirt-site.ts';

const { signal } = new AbortController();
const START = (site: LibvirtSite) => site.virsh('start', GUEST);

interface Refused {
  readonly what: string;
  readonly code: string;
  readonly because: string | RegExp;
  /** What is wrong with a guest that is defined and was fit until then. */
  spoil(site: LibvirtSite): void;
}

const REFUSED: readonly Refused[] = [
  {
    what: 'a guest with an external snapshot',
    code: 'hypervisor.strange-chain',
    because: 'it has external snapshots: before-upgrade',
    spoil(site) {
      site.virsh('snapshot-create-as', GUEST, 'before-upgrade', '--disk-only');
    },
  },
  {
    what: 'a guest with an external snapshot that libvirt has forgotten',
    code: 'hypervisor.strange-chain',
    because: /builder-09\.before is over .*builder-09\.qcow2$/,
    spoil(site) {
      site.virsh('snapshot-create-as', GUEST, 'before', '--disk-only', '--no-metadata');
    },
  },
  {
    what: 'a guest with a block job',
    code: 'hypervisor.block-job',
    because: 'a copy, commit or pull of its disk vdb is under way',
    spoil(site) {
      START(site);
      const copy = join(site.disks, 'copy.qcow2');
      site.virsh('blockcopy', GUEST, 'vdb', copy, '--transient-job', '--format', 'qcow2');
    },
  },
  {
    what: 'a golden image that may be written to',
    code: 'hypervisor.image-altered',
    because: /builder\.qcow2 may be written to$/,
    spoil: (site) => chmodSync(site.golden, 0o644),
  },
  {
    what: 'a golden image that is not what the inventory says',
    code: 'hypervisor.image-altered',
    because: /has another SHA-256 than the inventory says$/,
    spoil(site) {
      site.host.run('chmod', 'u+w', site.golden);
      site.host.run('qemu-io', '-c', 'write -P 1 0 64k', site.golden);
      site.host.run('chmod', '0444', site.golden);
    },
  },
  {
    what: 'a guest whose persistent disk is gone',
    code: 'hypervisor.disk-missing',
    because: /its persistent disk vdb, .*, is not there$/,
    spoil: (site) => rmSync(site.kept),
  },
  {
    what: 'a guest whose root disk is a link',
    code: 'hypervisor.disk-missing',
    because: /its root disk .* is not there as a file$/,
    spoil(site) {
      renameSync(site.root, `${site.root}.real`);
      symlinkSync(`${site.root}.real`, site.root);
    },
  },
  {
    what: 'a guest whose persistent disk is over its root disk',
    code: 'hypervisor.root-unclear',
    because: /its persistent disk vdb is on .*, its root disk$/,
    spoil(site) {
      rmSync(site.kept);
      const over = ['-f', 'qcow2', '-F', 'qcow2', '-b', site.root];
      site.host.run('qemu-img', 'create', '-q', ...over, site.kept);
    },
  },
  {
    what: 'a guest with a disk that the inventory does not name',
    code: 'hypervisor.root-unclear',
    because: /it has vda, vdb, vdc, vdb kept$/,
    spoil(site) {
      const third = join(site.disks, 'third.qcow2');
      site.makeDisk(third, '1M');
      site.virsh('attach-disk', GUEST, third, 'vdc', '--subdriver', 'qcow2', '--config');
    },
  },
  {
    what: 'a guest that runs on other disks than it is defined with',
    code: 'hypervisor.root-unclear',
    because: /it runs with .*builder-09\.qcow2 as vda and is defined with .*other\.qcow2$/,
    spoil(site) {
      START(site);
      const other = join(site.disks, 'other.qcow2');
      site.makeDisk(other, '1M');
      site.defineGuest({ uuid: site.uuidOfGuest(), disks: [other, site.kept] });
    },
  },
  {
    what: 'a guest without the disk that the inventory says is kept',
    code: 'hypervisor.disk-missing',
    because: /its persistent disk vdc is not in its definition, which has vda, vdb$/,
    spoil: (site) => changeGuest(site, { disks: [{ name: 'vdc', persistent: true }] }),
  },
  {
    what: 'a guest that is gone once it is stopped',
    code: 'hypervisor.not-defined',
    because: /defined nowhere, so nothing is left once it is stopped$/,
    spoil(site) {
      START(site);
      site.virsh('undefine', GUEST);
    },
  },
  {
    what: 'a hypervisor without room',
    code: 'hypervisor.no-space',
    because: /MB free and a new root disk may need 1000000000 MB$/,
    spoil: (site) => site.configure({ 'free-mb': 1_000_000_000 }),
  },
];

function changeGuest(site: LibvirtSite, change: Partial<Host>): void {
  site.useInventory((now) => {
    const guest = now.hosts.get(GUEST);
    if (guest === undefined) throw new Error('the guest is in the inventory');
    return { ...now, hosts: new Map([...now.hosts, [GUEST, { ...guest, ...change }]]) };
  });
}

describe('the check of a guest of libvirt', () => {
  let host: VirtHost;
  let site: LibvirtSite;
  beforeAll(async () => {
    host = await startVirtHost();
  });
  afterAll(() => host.stop());
  beforeEach(() => {
    site = libvirtSite(host);
    site.defineGuest();
  });
  afterEach(() => site.close());

  const check = () => site.hypervisor.check(GUEST, IMAGE, signal);

  it('takes a guest that is off or runs', async () => {
    await check();
    START(site);
    await check();
  });

  it.each(REFUSED)('refuses $what', async ({ code, because, spoil }) => {
    spoil(site);
    const message = expect.stringMatching(typeof because === 'string' ? `: ${because}$` : because);
    await expect(check()).rejects.toMatchObject({ code, effect: 'none', message });
  });

  it('says so when virsh reaches no libvirt', async () => {
    site.configure({ uri: 'qemu:///session?socket=/nowhere' });
    await expect(site.hypervisor.state(GUEST, signal)).rejects.toMatchObject({
      code: 'hypervisor.unreachable',
      effect: 'none',
    });
  });
});
