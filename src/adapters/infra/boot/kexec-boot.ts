import type { HostName } from '../../../domain/ids.ts';
import type { Installation, Installer } from '../../../jobs/ports/installer.ts';
import type { InventorySource } from '../../../jobs/ports/ports.ts';
import type { RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import { installToken } from '../install-server/install-token.ts';
import { installFolder } from '../install-server/install-urls.ts';
import { bootRefused } from './boot-failure.ts';
import { type BootHost, bootHost } from './boot-host.ts';
import { type BootMark, formatBootMark, parseBootMark } from './boot-mark.ts';
import { fetchBootFiles, refuseWithoutCurl } from './fetch-boot-files.ts';
import { refuseFullDisk } from './free-space.ts';
import { installableImage } from './installable-image.ts';
import { kernelArguments } from './kernel-arguments.ts';
import { refuseForeignEntry } from './refuse-foreign-entry.ts';
import { notArmed, restartInto } from './restart-into.ts';

export interface KexecBootOptions {
  readonly shell: () => RemoteShell;
  readonly inventory: InventorySource;
  readonly server: string;
  /** In memory, so that it goes with the loaded kernel at any restart. */
  readonly run: string;
  readonly freeMb: number;
  readonly restart: readonly string[];
}

const LOADED = '/sys/kernel/kexec_loaded';
const DISABLED = '/proc/sys/kernel/kexec_load_disabled';
const LOCKDOWN = '/sys/kernel/security/lockdown';

/**
 * The running kernel starts the installer's. Nothing is written to a disk, so nothing can start it a second time; a mark in
 * memory says whose it is. A firmware or a driver that does not stand kexec shows only once it is fired.
 */
export function kexecBoot(options: KexecBootOptions): Installer {
  const { shell, inventory, run, freeMb, restart } = options;
  const reach = (name: HostName, signal: AbortSignal) => bootHost(shell(), name, signal);
  return {
    async check(name, image, signal) {
      installableImage(inventory.current(), name, image);
      const host = reach(name, signal);
      await refuseDisabled(host);
      await refuseWithoutCurl(host);
      await refuseFullDisk(host, parentOf(run), freeMb);
    },
    async arm(name, installation, signal) {
      const host = reach(name, signal);
      await refuseForeign(host, run, installation);
      await load(host, options, installation);
    },
    async armedFor(name, signal) {
      return (await armedIn(reach(name, signal), run))?.op;
    },
    async disarm(name, signal) {
      const host = reach(name, signal);
      if ((await armedIn(host, run)) !== undefined) await host.output(['kexec', '-u']);
      await host.output(['rm', '-rf', '--', run]);
    },
    async fire(name, signal) {
      if ((await armedIn(reach(name, signal), run)) === undefined) throw notArmed(name);
      await restartInto(shell(), name, restart, signal);
    },
  };
}

async function refuseDisabled(host: BootHost): Promise<void> {
  const next =
    'Nothing was changed. Install it by GRUB, or by PXE through its management controller.';
  if (!(await host.hasProgram('kexec'))) {
    const because = 'it has no kexec';
    throw bootRefused(host.name, { code: 'installer.no-kexec', because, next });
  }
  if ((await host.read(DISABLED))?.trim() === '1') {
    const because = `${DISABLED} is 1 until its next restart`;
    throw bootRefused(host.name, { code: 'installer.no-kexec', because, next });
  }
}

async function isLoaded(host: BootHost): Promise<boolean> {
  return (await host.read(LOADED))?.trim() === '1';
}

/** A mark without a loaded kernel is what an arm leaves that was cut off. */
async function armedIn(host: BootHost, run: string): Promise<BootMark | undefined> {
  return (await isLoaded(host)) ? parseBootMark(await host.read(markIn(run))) : undefined;
}

async function refuseForeign(host: BootHost, run: string, installation: Installation) {
  const armed = await armedIn(host, run);
  refuseForeignEntry(host.name, armed, installation);
  if (armed !== undefined || !(await isLoaded(host))) return;
  throw bootRefused(host.name, {
    code: 'installer.already-armed',
    because: 'somebody else has loaded a kernel for kexec',
    next: `Nothing was changed. Run \`kexec -u\` on ${host.name} if it may go, then retry.`,
  });
}

async function load(
  host: BootHost,
  { inventory, server, run }: KexecBootOptions,
  installation: Installation,
): Promise<void> {
  const { op, epoch, image } = installation;
  const installer = installableImage(inventory.current(), host.name, image);
  const folder = installFolder(server, installToken(host.name, installation));
  const files = await fetchBootFiles(host, installer, { from: folder, into: `${run}/${op}` });
  const words = kernelArguments(host.name, installer, folder).join(' ');
  // The mark comes first: a loaded kernel without one would be taken for somebody else's.
  await host.write(markIn(run), formatBootMark({ op, epoch }));
  const signed = (await isLockedDown(host)) ? ['-s'] : [];
  await host.output([
    'kexec',
    ...signed,
    '-l',
    files.kernel,
    `--initrd=${files.initrd}`,
    `--command-line=${words}`,
  ]);
}

/** Under Secure Boot only the call that checks the kernel's signature is left (kernel_lockdown(7)). */
async function isLockedDown(host: BootHost): Promise<boolean> {
  return /\[(?:integrity|confidentiality)\]/.test((await host.read(LOCKDOWN)) ?? '');
}

function markIn(run: string): string {
  return `${run}/kexec`;
}

function parentOf(folder: string): string {
  return folder.slice(0, folder.lastIndexOf('/')) || '/';
}
