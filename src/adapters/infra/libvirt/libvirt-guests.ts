import { createHash } from 'node:crypto';
import type { HostName } from '../../../domain/ids.ts';
import type { GuestDefinition, Hypervisor } from '../../../jobs/ports/hypervisor.ts';
import type { Installation } from '../../../jobs/ports/installer.ts';
import type { InventorySource } from '../../../jobs/ports/ports.ts';
import type { RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import { actOnGuest, type GuestPlace } from './act-on-guest.ts';
import {
  neededMb,
  refuseBusyGuest,
  refuseFullFolder,
  refuseMissingPrograms,
  refuseUnfitDisks,
  refuseUnfitImage,
} from './check-guest.ts';
import { overlaySize } from './disk-chain.ts';
import { disksOf } from './domain-disks.ts';
import { firmwareState } from './firmware-state.ts';
import { putBackPasswords } from './graphics-passwords.ts';
import { guestImage } from './guest-image.ts';
import { markOf } from './guest-mark.ts';
import { isListed, parseDomain, readChain, readDomainXml, refuseUndefined } from './guest-reads.ts';
import type { LibvirtConfig } from './libvirt-options.ts';
import { newDefinition } from './new-definition.ts';
import { persistentTargets, type RootDisk, rootDisk } from './root-disk.ts';
import { seedOf } from './seed.ts';
import { seedPath } from './seed-drive.ts';
import { undefineWords } from './undefine-words.ts';
import { hypervisorOf, type VirtHost, virtHost } from './virt-host.ts';
import type { XmlNode } from './xml-tree.ts';

export interface LibvirtOptions {
  readonly shell: () => RemoteShell;
  readonly inventory: InventorySource;
  readonly config: LibvirtConfig;
}

/**
 * Guests of libvirt, through the shell of their hypervisor. Whatever acts is a script there, under a claim and behind a
 * fence of its own; whatever reads is virsh and qemu-img.
 */
export function libvirtGuests({ shell, inventory, config }: LibvirtOptions): Hypervisor {
  const { uri, images, disks: folder, state } = config;
  const reach = (guest: HostName, signal: AbortSignal): VirtHost =>
    virtHost(hypervisorOf(inventory.current(), guest), { shell: shell(), uri }, signal);
  const placeOf = (guest: HostName): GuestPlace => ({
    shell: shell(),
    guest,
    hypervisor: hypervisorOf(inventory.current(), guest),
    uri,
    state,
  });
  const goldenOf = (guest: HostName, { image }: Pick<Installation, 'image'>) => {
    const { disk, userData } = guestImage(inventory.current(), guest, image);
    return { path: `${images}/${disk.path}`, sha256: disk.sha256, disk, userData };
  };
  const declaredDisks = (guest: HostName) => inventory.current().hosts.get(guest)?.disks ?? [];
  const readDefinition = async (host: VirtHost, guest: HostName) => {
    await refuseUndefined(host, guest);
    const xml = await readDomainXml(host, guest, 'defined');
    const disks = disksOf(parseDomain(guest, xml));
    const persistent = persistentTargets(guest, declaredDisks(guest), disks);
    const root = rootDisk(guest, disks, { persistent, folder });
    return { xml, disks, persistent, root };
  };
  const savedRoot = (guest: HostName, { xml, persistentDisks }: GuestDefinition) => {
    const domain = parseDomain(guest, xml);
    const root = rootDisk(guest, disksOf(domain), { persistent: persistentDisks, folder });
    return { domain, root };
  };

  return {
    async check(guest, image, signal) {
      const golden = goldenOf(guest, { image });
      const host = reach(guest, signal);
      await refuseMissingPrograms(host, guest);
      const { disks, persistent, root } = await readDefinition(host, guest);
      await refuseBusyGuest(host, guest, disks);
      const kept = disks.filter(({ target }) => persistent.includes(target));
      const old = await refuseUnfitDisks(host, guest, { root, kept, images });
      await refuseFullFolder(host, guest, { folder, needMb: neededMb(old, config['free-mb']) });
      await refuseUnfitImage(host, guest, { state, golden: golden.path, sha256: golden.sha256 });
    },
    async state(guest, signal) {
      const host = reach(guest, signal);
      if (await isListed(host, guest)) return 'running';
      return (await isListed(host, guest, '--all')) ? 'off' : 'absent';
    },
    async definition(guest, signal) {
      const { xml, persistent } = await readDefinition(reach(guest, signal), guest);
      return { xml, persistentDisks: persistent };
    },
    async builtFor(guest, signal) {
      const host = reach(guest, signal);
      if (!(await isListed(host, guest, '--all'))) return undefined;
      return markOf(parseDomain(guest, await readDomainXml(host, guest, 'defined')));
    },
    async undefine(guest, fence, signal) {
      const host = reach(guest, signal);
      const words = await undefineArguments(host, guest, config);
      await actOnGuest(placeOf(guest), { act: 'undefine', fence, words }, signal);
    },
    async freshDisks(guest, definition, installation, signal) {
      const { root } = savedRoot(guest, definition);
      const golden = goldenOf(guest, installation);
      const host = reach(guest, signal);
      const size = await freshSize(host, guest, { golden: golden.path, root, installation });
      const server = config['install-server'];
      const { metaData, userData } = seedOf(guest, golden, { installation, server });
      const stdin = metaData + userData;
      const words = [
        root.file,
        golden.path,
        golden.sha256,
        String(size),
        markOfInstallation(installation),
        seedPath(root.file, installation.op),
        String(Buffer.byteLength(metaData)),
        String(Buffer.byteLength(stdin)),
      ];
      const act = { act: 'fresh-disks', fence: installation, words, stdin } as const;
      await actOnGuest(placeOf(guest), act, signal);
    },
    async define(guest, definition, installation, signal) {
      const { op } = installation;
      const { domain, root } = savedRoot(guest, definition);
      const aside = await readAside(reach(guest, signal), guest, `${state}/${guest}/${op}/aside`);
      if (aside !== undefined) putBackPasswords(domain, aside);
      const { nvram = '', tpm = '' } = firmwareState(domain, config.tpm);
      const stdin = newDefinition(domain, { root, seed: seedPath(root.file, op), op });
      const words = [
        root.file,
        markOfInstallation(installation),
        nvram,
        tpm,
        String(Buffer.byteLength(stdin)),
      ];
      const act = { act: 'define', fence: installation, words, stdin } as const;
      await actOnGuest(placeOf(guest), act, signal);
    },
    start: (guest, fence, signal) => actOnGuest(placeOf(guest), { act: 'start', fence }, signal),
    discardOld: (guest, fence, signal) =>
      actOnGuest(placeOf(guest), { act: 'discard-old', fence }, signal),
  };
}

async function undefineArguments(
  host: VirtHost,
  guest: HostName,
  config: LibvirtConfig,
): Promise<readonly string[]> {
  const patience = String(config['shutdown-seconds']);
  if (!(await isListed(host, guest, '--all'))) return [patience, '', ''];
  const domain: XmlNode = parseDomain(guest, await readDomainXml(host, guest, 'defined'));
  const firmware = firmwareState(domain, config.tpm);
  const flags = undefineWords(await host.virsh('help', 'undefine'), firmware);
  return [patience, firmware.nvram ?? '', firmware.tpm ?? '', ...flags];
}

/** The definition with its passwords, as undefining has set it aside; undefined where there was none to set aside. */
async function readAside(
  host: VirtHost,
  guest: HostName,
  aside: string,
): Promise<XmlNode | undefined> {
  const isThere = (await host.run(['test', '-d', aside])).code === 0;
  return isThere
    ? parseDomain(guest, await host.output(['cat', '--', `${aside}/domain.xml`]))
    : undefined;
}

/** In bytes. The old root disk is where it was, or was put aside already. */
async function freshSize(
  host: VirtHost,
  guest: HostName,
  { golden, root, installation }: { golden: string; root: RootDisk; installation: Installation },
): Promise<number> {
  const kept = `${root.file}.${installation.op}`;
  const isKept = (await host.run(['test', '-e', kept])).code === 0;
  const [image] = await readChain(host, guest, golden);
  const [old] = await readChain(host, guest, isKept ? kept : root.file);
  if (image === undefined) throw new Error('a chain has a first link');
  return overlaySize(image, old);
}

/** The nonce stays out of what is kept on the hypervisor. */
function markOfInstallation({ op, image, nonce }: Installation): string {
  return createHash('sha256')
    .update(JSON.stringify([op, image, nonce]))
    .digest('hex');
}
