import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GoldenImage } from '../guest/golden-image.ts';
import type { VirtHost } from '../guest-host/start-virt-host.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { lastingPort } from '../program/lasting-port.ts';
import { guestDomain } from './guest-domain.ts';

/** A guest as it is seen from outside of the program. */
export interface VirtGuest {
  readonly name: string;
  readonly sshPort: number;
  /** Its root disk. */
  readonly root: string;
  /** What it has said on its serial line, through all of its lives. */
  console(): string;
  /** The boot ids that it came up with, oldest first. */
  boots(): readonly string[];
  /** `running`, `shut off` and so on, as libvirt says it. */
  state(): string;
  /** How it started and how it ended, oldest first, as libvirt's log has it. */
  lives(): readonly Life[];
  /** E.g. `start`: as somebody else does it. */
  virsh(act: string): void;
  /** What there is of it in the folder of disks. */
  files(): readonly string[];
  /** What a command prints there, for whoever has the key; whatever host key it shows. */
  run(command: string): string;
}

export interface Life {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `starting up`, or `shutting down` with the reason: `shutdown` is its own doing, `destroyed` is not. */
  readonly what: string;
}

export interface GuestOptions {
  readonly host: VirtHost;
  readonly name: string;
  readonly golden: GoldenImage;
  /** The golden image as the hypervisor has it. */
  readonly image: string;
  readonly disks: string;
  /** What its second disk gives it as a NoCloud seed; without one that disk is empty. */
  readonly seed?: Readonly<Record<'meta-data' | 'user-data', string>>;
}

/** Defines a guest that has never run: its root disk lies over the golden image, and the disk that is kept is empty. */
export async function virtGuest({
  host,
  name,
  golden,
  image,
  disks,
  seed,
}: GuestOptions): Promise<VirtGuest> {
  const [root, kept, log] = [`${name}.qcow2`, `${name}-cache.qcow2`, `${name}.log`].map((file) =>
    join(disks, file),
  ) as [string, string, string];
  const sshPort = await lastingPort();
  host.run('qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', image, root);
  if (seed === undefined) smallDisk(host, kept, 'cache');
  else smallDisk(host, kept, 'cidata', seed);
  const xml = guestDomain({ type: host.virtType, name, golden, root, kept, console: log, sshPort });
  const file = join(disks, `${name}.xml`);
  host.write(file, xml);
  host.run('virsh', '-c', host.uri, 'define', file);
  const said = () => (existsSync(log) ? readFileSync(log, 'latin1') : '');
  return {
    name,
    sshPort,
    root,
    console: said,
    boots: () => [...said().matchAll(/ is up, boot ([0-9a-f-]+)/g)].map(([, id = '']) => id),
    state: () => host.run('virsh', '-c', host.uri, 'domstate', name).trim(),
    virsh: (act) => void host.run('virsh', '-q', '-c', host.uri, act, name),
    lives: () => livesIn(host.logOf(name)),
    files: () => readdirSync(disks).filter((file) => file.startsWith(name)),
    run: (command) => overSsh(host, sshPort, command),
  };
}

function smallDisk(
  host: VirtHost,
  path: string,
  label: string,
  files: Readonly<Record<string, string>> = {},
): void {
  const [raw, tree] = [`${path}.raw`, `${path}.tree`];
  host.run('mkdir', tree);
  for (const [name, text] of Object.entries(files)) host.write(join(tree, name), text);
  host.run('mke2fs', '-q', '-F', '-t', 'ext4', '-L', label, '-d', tree, raw, '16m');
  host.run('qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', raw, path);
  host.run('rm', '-r', raw, tree);
}

function livesIn(log: string): readonly Life[] {
  const lines = log.matchAll(/^(\S+ \S+): (starting up|shutting down, reason=\w+)/gm);
  return [...lines].map(([, at = '', what = '']) => ({ at: Date.parse(at), what }));
}

function overSsh({ ssh }: VirtHost, port: number, command: string): string {
  const options = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null'];
  const words = options.flatMap((option) => ['-o', option]);
  const target = ['-i', ssh.key, '-p', String(port), 'root@127.0.0.1', command];
  return execFileSync('ssh', ['-n', '-q', ...words, ...target], {
    encoding: 'utf8',
    timeout: PATIENCE_MS,
  });
}
