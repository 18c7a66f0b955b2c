import type { HostName } from '../../../domain/ids.ts';
import { parseRefusal, refused } from './act-on-guest.ts';
import { type DiskImage, refuseStrangeChain, refuseUnfitGolden } from './disk-chain.ts';
import { type DomainDisk, disksOf } from './domain-disks.ts';
import { isListed, parseDomain, readChain, readDomainXml } from './guest-reads.ts';
import { CHECK_GOLDEN, REFUSED } from './guest-scripts.ts';
import { guestRefused, lastWords } from './libvirt-failure.ts';
import type { RootDisk } from './root-disk.ts';
import type { VirtHost } from './virt-host.ts';

const PROGRAMS = ['virsh', 'qemu-img', 'flock', 'sha256sum', 'find', 'stat', 'sync'];
const SEED_PROGRAMS = ['genisoimage', 'xorriso', 'mkisofs', 'cloud-localds'];
const LIST_MISSING = 'for name; do command -v "$name" >/dev/null || echo "$name"; done';
/** A golden image of some ten gigabytes on slow disks. */
const DIGEST_TIMEOUT_MS = 14 * 60_000;
const MB = 1024 * 1024;

export async function refuseMissingPrograms(host: VirtHost, guest: HostName): Promise<void> {
  const argv = ['sh', '-c', LIST_MISSING, 'signalbox', ...PROGRAMS, ...SEED_PROGRAMS];
  const missing = (await host.output(argv)).split('\n');
  const wanted = PROGRAMS.filter((name) => missing.includes(name));
  if (SEED_PROGRAMS.every((name) => missing.includes(name)))
    wanted.push(SEED_PROGRAMS.join(' or '));
  if (wanted.length === 0) return;
  throw guestRefused(guest, {
    code: 'hypervisor.no-tool',
    because: `${host.name} has no ${wanted.join(', ')}`,
    next: `Nothing was changed. Install it on ${host.name}, then retry.`,
  });
}

/** A guest that is gone once it is stopped, or that is in the middle of something that its disks are part of. */
export async function refuseBusyGuest(
  host: VirtHost,
  guest: HostName,
  disks: readonly DomainDisk[],
): Promise<void> {
  if (!(await isListed(host, guest, '--all', '--persistent'))) throw transient(host, guest);
  const snapshots = await host.virsh('snapshot-list', guest, '--external', '--name');
  if (snapshots.trim() !== '') throw hasSnapshots(guest, snapshots.trim().split('\n'));
  if (!(await isListed(host, guest))) return;
  const live = disksOf(parseDomain(guest, await readDomainXml(host, guest, 'live')));
  for (const disk of live) {
    const defined = disks.find(({ target }) => target === disk.target);
    if (defined?.source !== disk.source) throw otherDisk(guest, disk, defined);
    if (disk.isMirrored || (await hasBlockJob(host, guest, disk))) throw blockJob(guest, disk);
  }
}

/** `--raw` prints nothing where there is none. */
async function hasBlockJob(host: VirtHost, guest: HostName, { target }: DomainDisk) {
  return (await host.virsh('blockjob', guest, target, '--raw')).trim() !== '';
}

/** The files are there, and none of those that are kept is the root disk or over it. */
export async function refuseUnfitDisks(
  host: VirtHost,
  guest: HostName,
  { root, kept, images }: { root: RootDisk; kept: readonly DomainDisk[]; images: string },
): Promise<DiskImage> {
  const isPlain = await host.run(['sh', '-c', '[ -f "$1" ] && ! [ -L "$1" ]', 'sh', root.file]);
  if (isPlain.code !== 0) throw missing(guest, `its root disk ${root.file} is not there as a file`);
  const chain = await readChain(host, guest, root.file);
  refuseStrangeChain(guest, chain, images);
  for (const disk of kept) await refuseEntangled(host, guest, { root, disk });
  return chain[0] as DiskImage;
}

async function refuseEntangled(
  host: VirtHost,
  guest: HostName,
  { root, disk }: { root: RootDisk; disk: DomainDisk },
): Promise<void> {
  const { target, source, file } = disk;
  // What is on another machine is that machine's to look after.
  if (!source.startsWith('/')) return;
  if ((await host.run(['test', '-e', source])).code !== 0) {
    throw missing(guest, `its persistent disk ${target}, ${source}, is not there`);
  }
  const files =
    file === undefined
      ? [source]
      : (await readChain(host, guest, file)).map(({ filename }) => filename);
  for (const each of files) {
    if ((await host.run(['test', each, '-ef', root.file])).code === 0) {
      throw guestRefused(guest, {
        code: 'hypervisor.root-unclear',
        because: `its persistent disk ${target} is on ${root.file}, its root disk`,
        next: 'Nothing was changed. Give it a file of its own with qemu-img convert.',
      });
    }
  }
}

/** There, written by nobody, whole, and what the inventory says. */
export async function refuseUnfitImage(
  host: VirtHost,
  guest: HostName,
  { state, golden, sha256 }: { state: string; golden: string; sha256: string },
): Promise<void> {
  const argv = ['sh', '-c', CHECK_GOLDEN, 'signalbox', state, golden, sha256];
  const { code, stdout, stderr } = await host.run(argv, DIGEST_TIMEOUT_MS);
  const because = lastWords(stdout) ?? lastWords(stderr) ?? `exit code ${code}`;
  if (code === REFUSED) {
    const refusal = parseRefusal(because) ?? { code: 'hypervisor.image-missing', because };
    throw refused({ guest, hypervisor: host.name }, refusal);
  }
  if (code !== 0)
    throw refused({ guest, hypervisor: host.name }, { code: 'hypervisor.image-missing', because });
  for (const image of await readChain(host, guest, golden)) refuseUnfitGolden(guest, image);
}

/** What the old root disk has taken, the new one may take as well. */
export async function refuseFullFolder(
  host: VirtHost,
  guest: HostName,
  { folder, needMb }: { folder: string; needMb: number },
): Promise<void> {
  // -P and -k are POSIX: one line for each filesystem, blocks of 1024 bytes, the fourth word is what is free.
  const listed = await host.output(['df', '-P', '-k', '--', folder]);
  const freeKb = Number(listed.trim().split('\n').at(-1)?.trim().split(/\s+/)[3]);
  const freeMb = Math.floor((freeKb * 1024) / MB);
  if (freeMb >= needMb) return;
  throw guestRefused(guest, {
    code: 'hypervisor.no-space',
    because: `${folder} on ${host.name} has ${Number.isNaN(freeMb) ? 'an unknown number of' : freeMb} MB free and a new root disk may need ${needMb} MB`,
    next: `Nothing was changed. Make room in ${folder}, where old root disks end in the name of their operation.`,
  });
}

export function neededMb(old: DiskImage, leastMb: number): number {
  return Math.max(leastMb, Math.ceil(old['actual-size'] / MB));
}

function missing(guest: HostName, because: string) {
  const next = 'Nothing was changed. Look at its definition and its disks on the hypervisor.';
  return guestRefused(guest, { code: 'hypervisor.disk-missing', because, next });
}

function transient({ name }: VirtHost, guest: HostName) {
  return guestRefused(guest, {
    code: 'hypervisor.not-defined',
    because: `it runs on ${name} and is defined nowhere, so nothing is left once it is stopped`,
    next: `Nothing was changed. Define it with virsh define, then retry.`,
  });
}

function hasSnapshots(guest: HostName, names: readonly string[]) {
  return guestRefused(guest, {
    code: 'hypervisor.strange-chain',
    because: `it has external snapshots: ${names.join(', ')}`,
    next: 'Nothing was changed. Merge them with virsh blockcommit, delete them, then retry.',
  });
}

function otherDisk(guest: HostName, live: DomainDisk, defined: DomainDisk | undefined) {
  return guestRefused(guest, {
    code: 'hypervisor.root-unclear',
    because: `it runs with ${live.source} as ${live.target} and is defined with ${defined?.source ?? 'none'}`,
    next: 'Nothing was changed. Restart it or correct its definition, so that both are one.',
  });
}

function blockJob(guest: HostName, { target }: DomainDisk) {
  return guestRefused(guest, {
    code: 'hypervisor.block-job',
    because: `a copy, commit or pull of its disk ${target} is under way`,
    next: `Nothing was changed. Wait for it, or end it with virsh blockjob ${guest} ${target} --abort.`,
  });
}
