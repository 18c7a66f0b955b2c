import { readFile } from 'node:fs/promises';
import type { HostName } from '../../../domain/ids.ts';
import type { ImageInstaller } from '../../../domain/inventory.ts';
import type { InventorySource } from '../../../jobs/ports/ports.ts';
import { kernelArguments } from '../../infra/boot/kernel-arguments.ts';
import type { InstallTokens, OpenInstall } from '../../infra/install-server/install-tokens.ts';
import { ANSWER_FILES, installFolder } from '../../infra/install-server/install-urls.ts';
import { fillTemplate, TemplateError } from './fill-template.ts';
import { insideFolder } from './inside-folder.ts';
import { BOOT_FROM_DISK, installerScript } from './ipxe-script.ts';
import { NOT_FOUND, type Reply, text } from './reply.ts';

export interface GiveOptions {
  readonly url: string;
  readonly files: string;
  readonly tokens: InstallTokens;
  readonly inventory: InventorySource;
  readonly log: (message: string) => void;
}

/** An installer that leaves a swapped boot configuration behind would be started for ever. */
const RESTORES = 'extlinux.conf.signalbox';

/** What a token opens. Everything else, and every token that is not open, is "boot from disk" or not there. */
export async function giveByToken(
  options: GiveOptions,
  token: string,
  what: string,
): Promise<Reply> {
  const install = await options.tokens.find(token);
  if (install === undefined) return what === 'ipxe' ? text(BOOT_FROM_DISK) : NOT_FOUND;
  const installer = options.inventory.current().images.get(install.image)?.installer;
  if (installer === undefined) {
    options.log(`image ${install.image} of ${install.op} has no installer in the inventory`);
    return what === 'ipxe' ? text(BOOT_FROM_DISK) : NOT_FOUND;
  }
  const folder = installFolder(options.url, token);
  switch (what) {
    case 'ipxe':
      return text(installerScript(folder, kernelArguments(install.host, installer, folder)));
    case 'kernel':
    case 'initrd':
      return giveFile(options, installer[what].path);
    case ANSWER_FILES[installer.kind]:
      return giveAnswers(options, { install, installer, folder });
    case 'meta-data':
      // NoCloud takes a seed only with an instance id (cloud-init, datasources, NoCloud).
      if (installer.kind !== 'autoinstall') return NOT_FOUND;
      return text(`instance-id: ${install.op}\nlocal-hostname: ${install.host}\n`);
    case 'vendor-data':
      return installer.kind === 'autoinstall' ? text('') : NOT_FOUND;
    default:
      return NOT_FOUND;
  }
}

/** The script for a host that was not given its token: only where the request comes from that host's own address. */
export async function giveByHost(
  options: GiveOptions,
  host: HostName,
  isItself: () => Promise<boolean>,
): Promise<Reply> {
  const token = await options.tokens.tokenOf(host);
  if (token === undefined) return text(BOOT_FROM_DISK);
  if (await isItself()) return giveByToken(options, token, 'ipxe');
  options.log(`somebody else asked for the installer of ${host} and was told to boot from disk`);
  return text(BOOT_FROM_DISK);
}

async function giveFile({ files, log }: GiveOptions, path: string): Promise<Reply> {
  const real = await insideFolder(files, path);
  if (real !== undefined) return { kind: 'file', path: real };
  log(`${path} is not in ${files}`);
  return NOT_FOUND;
}

interface Answers {
  readonly install: OpenInstall;
  readonly installer: ImageInstaller;
  readonly folder: string;
}

async function giveAnswers(
  { files, log }: GiveOptions,
  { install, installer, folder }: Answers,
): Promise<Reply> {
  const { template, kind, restoresBootEntry } = installer;
  try {
    const path = await insideFolder(files, template);
    if (path === undefined) throw new TemplateError(`it is not in ${files}`);
    const unfilled = await readFile(path, 'utf8');
    if (restoresBootEntry && !unfilled.includes(RESTORES)) {
      throw new TemplateError(`it does not put ${RESTORES} back, as the inventory says it does`);
    }
    return text(fillTemplate(unfilled, kind, valuesOf({ install, installer, folder })));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    log(
      `${template}, the template of ${install.image}, cannot be given to ${install.host}: ${error.message}`,
    );
    return NOT_FOUND;
  }
}

function valuesOf({ install, installer, folder }: Answers): Record<string, string> {
  const { host, op, image, nonce } = install;
  const { repository } = installer;
  return {
    host,
    image,
    nonce,
    operation: op,
    'report-url': `${folder}report`,
    ...(repository !== undefined && { repository }),
  };
}
