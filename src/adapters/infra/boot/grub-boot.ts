import type { HostName, ImageId } from '../../../domain/ids.ts';
import type { Installation, Installer } from '../../../jobs/ports/installer.ts';
import type { InventorySource } from '../../../jobs/ports/ports.ts';
import type { RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import { installToken } from '../install-server/install-token.ts';
import { installFolder } from '../install-server/install-urls.ts';
import { bootRefused } from './boot-failure.ts';
import { type BootHost, bootHost, NO_PROGRAM } from './boot-host.ts';
import { fetchBootFiles, refuseWithoutCurl } from './fetch-boot-files.ts';
import { refuseFullDisk } from './free-space.ts';
import { refuseDeafConfiguration, refuseLoop } from './grub-checks.ts';
import {
  type EntryOwner,
  entryId,
  entryOwner,
  formatGrubEntry,
  operationOf,
  withEntry,
  withoutEntry,
} from './grub-entry.ts';
import { grubEnvironment } from './grub-environment.ts';
import { type GrubLayout, grubLayout } from './grub-layout.ts';
import { installableImage } from './installable-image.ts';
import { kernelArguments } from './kernel-arguments.ts';
import { refuseForeignEntry } from './refuse-foreign-entry.ts';
import { notArmed, restartInto } from './restart-into.ts';

export interface GrubBootOptions {
  readonly shell: () => RemoteShell;
  readonly inventory: InventorySource;
  readonly server: string;
  readonly boot: string;
  readonly freeMb: number;
  readonly restart: readonly string[];
}

/**
 * A menu entry of our own in `custom.cfg`, and `next_entry` in the environment block, which comes last and goes first: an
 * arm or a disarm that was cut off anywhere leaves an entry that nothing boots. On systems with Boot Loader Specification
 * entries too: a file of ours among those could be sorted first and become the default where none is saved.
 */
export function grubBoot(options: GrubBootOptions): Installer {
  const { shell, inventory, boot } = options;
  const imageOf = (host: HostName, image: ImageId) =>
    installableImage(inventory.current(), host, image);
  const reach = async (name: HostName, signal: AbortSignal) => {
    const host = bootHost(shell(), name, signal);
    return { host, layout: await grubLayout(host, boot) };
  };
  return {
    async check(name, image, signal) {
      imageOf(name, image);
      const { host, layout } = await reach(name, signal);
      await refuseUnfit(host, layout, options);
    },
    async arm(name, installation, signal) {
      imageOf(name, installation.image);
      const { host, layout } = await reach(name, signal);
      await refuseForeign(host, layout, installation);
      await refuseLoop(host, layout);
      await refuseDeafConfiguration(host, layout);
      await writeEntry(host, layout, { options, installation });
      await grubEnvironment(host, layout).setNextEntry(entryId(installation.op));
    },
    async armedFor(name, signal) {
      const { host, layout } = await reach(name, signal);
      return (await armedIn(host, layout))?.op;
    },
    async disarm(name, signal) {
      const { host, layout } = await reach(name, signal);
      await clearNextEntry(host, layout);
      await removeEntry(host, layout);
      await host.output(['rm', '-rf', '--', `${boot}/signalbox`]);
    },
    async fire(name, signal) {
      const { host, layout } = await reach(name, signal);
      if ((await armedIn(host, layout)) === undefined) throw notArmed(name);
      await restartInto(shell(), name, options.restart, signal);
    },
  };
}

async function refuseUnfit(
  host: BootHost,
  layout: GrubLayout,
  { boot, freeMb }: GrubBootOptions,
): Promise<void> {
  await refuseLoop(host, layout);
  await refuseDeafConfiguration(host, layout);
  await refuseFullDisk(host, boot, freeMb);
  await refuseWithoutCurl(host);
}

/** Whose entry the next start boots: both the environment block and the entry that it names have to be there. */
async function armedIn(host: BootHost, layout: GrubLayout): Promise<EntryOwner | undefined> {
  return armedBy(host, layout, await grubEnvironment(host, layout).nextEntry());
}

async function armedBy(
  host: BootHost,
  layout: GrubLayout,
  nextEntry: string | undefined,
): Promise<EntryOwner | undefined> {
  const next = operationOf(nextEntry ?? '');
  if (next === undefined) return undefined;
  const owner = entryOwner((await host.read(customCfg(layout))) ?? '');
  return owner?.op === next ? owner : undefined;
}

async function refuseForeign(
  host: BootHost,
  layout: GrubLayout,
  installation: Installation,
): Promise<void> {
  const next = await grubEnvironment(host, layout).nextEntry();
  refuseForeignEntry(host.name, await armedBy(host, layout, next), installation);
  if (next === undefined || operationOf(next) !== undefined) return;
  throw bootRefused(host.name, {
    code: 'installer.already-armed',
    because: `somebody else has set the one-time entry ${JSON.stringify(next)}`,
    next: `Nothing was changed. Restart ${host.name} or run \`${layout.program('editenv')} ${layout.folder}/grubenv unset next_entry\` there, then retry.`,
  });
}

interface Writing {
  readonly options: GrubBootOptions;
  readonly installation: Installation;
}

async function writeEntry(
  host: BootHost,
  layout: GrubLayout,
  { options: { inventory, server, boot }, installation }: Writing,
): Promise<void> {
  const { op, epoch, image } = installation;
  const installer = installableImage(inventory.current(), host.name, image);
  const folder = installFolder(server, installToken(host.name, installation));
  const into = `${boot}/signalbox/${op}`;
  await fetchBootFiles(host, installer, { from: folder, into });
  const ask = async (...argv: readonly string[]) => (await host.output(argv)).trim();
  const seen = await ask(layout.program('mkrelpath'), into);
  const entry = formatGrubEntry({
    op,
    epoch,
    uuid: await ask(layout.program('probe'), '--target=fs_uuid', into),
    kernel: `${seen}/linux`,
    initrd: `${seen}/initrd`,
    arguments: kernelArguments(host.name, installer, folder),
  });
  const text = withEntry((await host.read(customCfg(layout))) ?? '', entry);
  await refuseBadScript(host, layout, text);
  await host.write(customCfg(layout), text);
}

/** By GRUB's own parser, where the host has it. The entry is not written when it does not like it. */
async function refuseBadScript(host: BootHost, layout: GrubLayout, text: string): Promise<void> {
  const program = layout.program('script-check');
  const checked = await host.run([program], { stdin: text });
  if (checked.code === 0 || checked.code === NO_PROGRAM) return;
  throw bootRefused(host.name, {
    code: 'installer.bad-entry',
    because: `${program} does not take ${customCfg(layout)} with our entry: ${checked.stderr.trim()}`,
    next: `Nothing was armed. Look at what else is in ${customCfg(layout)} on ${host.name}, then retry.`,
  });
}

/** Only what is ours: a one-time entry that somebody else has set stays. */
async function clearNextEntry(host: BootHost, layout: GrubLayout): Promise<void> {
  const environment = grubEnvironment(host, layout);
  const next = operationOf((await environment.nextEntry()) ?? '');
  if (next !== undefined) await environment.clearNextEntry();
}

async function removeEntry(host: BootHost, layout: GrubLayout): Promise<void> {
  const path = customCfg(layout);
  const text = await host.read(path);
  if (text === undefined || entryOwner(text) === undefined) return;
  const rest = withoutEntry(text);
  if (rest === '') await host.output(['rm', '-f', '--', path]);
  else await host.write(path, rest);
}

function customCfg({ folder }: GrubLayout): string {
  return `${folder}/custom.cfg`;
}
