import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import libvirt from '../../../src/adapters/infra/libvirt-hypervisor.ts';
import { ZoneName } from '../../../src/domain/ids.ts';
import type { Hypervisor } from '../../../src/jobs/ports/hypervisor.ts';
import { GUEST, guestInventory, HYPERVISOR } from '../../adapters/infra/libvirt/example-guest.ts';
import { shellOver } from '../../adapters/infra/ssh/shell-fixture.ts';
import type { VirtHost } from '../guest-host/start-virt-host.ts';
import { guestXml } from './guest-xml.ts';

const ALL = ['--nvram', '--tpm', '--snapshots-metadata', '--managed-save'];
const GOLDEN = 'f43/builder.qcow2';

/** A golden image, and disks for one guest: its root disk and one that is kept; in folders of their own on the hypervisor. */
export function libvirtSite(host: VirtHost) {
  const home = host.run('mktemp', '-d', join(host.home, 'XXXXXX')).trim();
  const folder = (name: string) => {
    const path = join(home, name);
    host.run('mkdir', '-p', path);
    return path;
  };
  const [images, disks, state] = [folder('golden'), folder('disks'), folder('state')];
  folder('golden/f43');
  const golden = join(images, GOLDEN);
  const virsh = (...words: readonly string[]) => host.run('virsh', '-c', host.uri, ...words);
  const makeDisk = (path: string, size: string) =>
    host.run('qemu-img', 'create', '-q', '-f', 'qcow2', path, size);
  makeDisk(golden, '8M');
  host.run('chmod', '0444', golden);
  const sha256 = createHash('sha256').update(readFileSync(golden)).digest('hex');
  const [root, kept] = [join(disks, 'builder-09.qcow2'), join(disks, 'builder-09-cache.qcow2')];
  makeDisk(root, '16M');
  makeDisk(kept, '8M');

  const { port, user, key, hostKey } = host.ssh;
  const login = { 'key-file': key, 'state-dir': join(home, 'claims') };
  const { shell, close } = shellOver(
    [{ name: HYPERVISOR, ssh: { port, user }, key: hostKey }],
    login,
  );
  let inventory = guestInventory({ path: GOLDEN, sha256 });
  const tpm = join(host.home, '.config/libvirt/qemu/swtpm');
  const connect = (change: Record<string, unknown> = {}) =>
    libvirt.connect(
      libvirt.config.parse({
        uri: host.uri,
        'install-server': 'http://10.0.0.5:8090/',
        images,
        disks,
        state,
        tpm,
        'shutdown-seconds': 1,
        'free-mb': 1,
        ...change,
      }),
      {
        zone: ZoneName.parse('test'),
        inventory: { current: () => inventory },
        hostKeys: { expected: async () => undefined, replace: async () => {} },
        secrets: { read: () => Promise.reject(new Error('there are no secrets')) },
        shell: () => shell,
      },
    );
  let driver = connect();

  function put(path: string, content: string): string {
    const file = join(home, path);
    host.write(file, content);
    return file;
  }

  return {
    get hypervisor(): Hypervisor {
      return driver.port;
    },
    get driver() {
      return driver;
    },
    host,
    home,
    tpm,
    images,
    disks,
    state,
    golden,
    root,
    kept,
    virsh,
    makeDisk,
    put,
    /** As another session would see it. */
    defineGuest(more: Partial<Parameters<typeof guestXml>[0]> = {}) {
      const xml = guestXml({ type: host.virtType, name: GUEST, disks: [root, kept], ...more });
      virsh('define', put('guest.xml', xml));
    },
    uuidOfGuest: () => virsh('domuuid', GUEST).trim(),
    configure(change: Record<string, unknown>) {
      driver = connect(change);
    },
    useInventory(change: (now: typeof inventory) => typeof inventory) {
      inventory = change(inventory);
    },
    /** Leaves no guest behind. */
    async close() {
      await close();
      for (const name of lines(virsh('list', '--name'))) virsh('destroy', name);
      for (const name of lines(virsh('list', '--all', '--name'))) virsh('undefine', name, ...ALL);
      host.run('chmod', '-R', 'u+w', home);
      host.run('rm', '-rf', home);
    },
  };
}

export type LibvirtSite = ReturnType<typeof libvirtSite>;

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
