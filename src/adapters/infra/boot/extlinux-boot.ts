import type { HostName, ImageId } from '../../../domain/ids.ts';
import type { Installation, Installer } from '../../../jobs/ports/installer.ts';
import type { InventorySource } from '../../../jobs/ports/ports.ts';
import type { RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import { installToken } from '../install-server/install-token.ts';
import { installFolder } from '../install-server/install-urls.ts';
import { bootRefused } from './boot-failure.ts';
import { type BootHost, bootHost } from './boot-host.ts';
import { parseBootMark } from './boot-mark.ts';
import { formatExtlinux } from './extlinux-entry.ts';
import { fetchBootFiles, refuseWithoutCurl } from './fetch-boot-files.ts';
import { refuseFullDisk } from './free-space.ts';
import { installableImage } from './installable-image.ts';
import { kernelArguments } from './kernel-arguments.ts';
import { refuseForeignEntry } from './refuse-foreign-entry.ts';
import { notArmed, restartInto } from './restart-into.ts';

export interface ExtlinuxBootOptions {
  readonly shell: () => RemoteShell;
  readonly inventory: InventorySource;
  readonly server: string;
  readonly boot: string;
  readonly freeMb: number;
  readonly restart: readonly string[];
}

/**
 * U-Boot reads extlinux.conf and writes nothing, so no entry there clears itself: it is swapped, and the old one kept
 * beside it. Refused unless the image says that its installer puts the old one back as its first action; the install
 * server gives no answers to a template that does not even name it, nor, without an open token, to anybody. A board that
 * starts the installer once too often stops there and wipes nothing.
 */
export function extlinuxBoot(options: ExtlinuxBootOptions): Installer {
  const { shell, inventory, boot, freeMb, restart } = options;
  const files = filesIn(boot);
  const reach = (name: HostName, signal: AbortSignal) => bootHost(shell(), name, signal);
  const refuseUnfitImage = (name: HostName, image: ImageId) => {
    const { restoresBootEntry } = installableImage(inventory.current(), name, image);
    if (!restoresBootEntry) throw notOneShot(name, image);
  };
  const armedIn = async (host: BootHost) => parseBootMark(await host.read(files.conf));
  return {
    async check(name, image, signal) {
      refuseUnfitImage(name, image);
      const host = reach(name, signal);
      await refuseWithoutConf(host, files.conf);
      await refuseFullDisk(host, boot, freeMb);
      await refuseWithoutCurl(host);
    },
    async arm(name, installation, signal) {
      refuseUnfitImage(name, installation.image);
      const host = reach(name, signal);
      await refuseWithoutConf(host, files.conf);
      const armed = await armedIn(host);
      refuseForeignEntry(name, armed, installation);
      const text = await formatEntry(host, { options, installation });
      if (armed === undefined) await host.output(['cp', '-a', '-T', '--', files.conf, files.saved]);
      await host.write(files.conf, text);
    },
    async armedFor(name, signal) {
      return (await armedIn(reach(name, signal)))?.op;
    },
    async disarm(name, signal) {
      const host = reach(name, signal);
      await putBack(host, files, (await armedIn(host)) !== undefined);
      await host.output(['rm', '-rf', '--', `${boot}/signalbox`]);
    },
    async fire(name, signal) {
      if ((await armedIn(reach(name, signal))) === undefined) throw notArmed(name);
      await restartInto(shell(), name, restart, signal);
    },
  };
}

interface Files {
  readonly conf: string;
  readonly saved: string;
}

function filesIn(boot: string): Files {
  const conf = `${boot}/extlinux/extlinux.conf`;
  return { conf, saved: `${conf}.signalbox` };
}

interface Arming {
  readonly options: ExtlinuxBootOptions;
  readonly installation: Installation;
}

async function formatEntry(
  host: BootHost,
  { options: { inventory, server, boot }, installation }: Arming,
): Promise<string> {
  const { op, epoch, image } = installation;
  const installer = installableImage(inventory.current(), host.name, image);
  const folder = installFolder(server, installToken(host.name, installation));
  const into = `${boot}/signalbox/${op}`;
  const { kernel, initrd } = await fetchBootFiles(host, installer, { from: folder, into });
  const ask = async (what: string) =>
    (await host.output(['findmnt', '--noheadings', '--output', what, '--target', into])).trim();
  const mounted = (await ask('TARGET')).replace(/\/$/, '');
  const { conf, saved } = filesIn(boot);
  const wasArmed = parseBootMark(await host.read(conf)) !== undefined;
  return formatExtlinux({
    op,
    epoch,
    kernel: kernel.slice(mounted.length),
    initrd: initrd.slice(mounted.length),
    // The installer's first action finds there what it has to put back.
    arguments: [
      `signalbox.boot=UUID=${await ask('UUID')}:${saved.slice(mounted.length)}`,
      ...kernelArguments(host.name, installer, folder),
    ],
    old: (await host.read(wasArmed ? saved : conf)) ?? '',
  });
}

async function putBack(host: BootHost, { conf, saved }: Files, isArmed: boolean): Promise<void> {
  if (!isArmed) return void (await host.output(['rm', '-f', '--', saved]));
  if (await host.exists(saved)) return void (await host.output(['mv', '-fT', '--', saved, conf]));
  throw bootRefused(host.name, {
    code: 'installer.still-armed',
    because: `${saved} is gone, so there is nothing to put back`,
    effect: 'unknown',
    next: `Do not restart ${host.name} before ${conf} boots its system again: it would be reinstalled.`,
  });
}

async function refuseWithoutConf(host: BootHost, conf: string): Promise<void> {
  if (await host.exists(conf)) return;
  throw bootRefused(host.name, {
    code: 'installer.no-boot-loader',
    because: `${conf} is not there, so it does not start by extlinux.conf`,
    next: 'Nothing was changed. Install it by another driver: grub, kexec, or PXE.',
  });
}

function notOneShot(host: HostName, image: ImageId) {
  return bootRefused(host, {
    code: 'installer.not-one-shot',
    because: `U-Boot clears no entry, and ${image} does not say that its installer puts the old one back`,
    next: 'Nothing was changed. Let the template put extlinux.conf.signalbox back first of all and set restores-boot-entry, or install it by kexec.',
  });
}
