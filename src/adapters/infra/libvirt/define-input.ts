import type { HostName } from '../../../domain/ids.ts';
import type { Installation } from '../../../jobs/ports/installer.ts';
import type { ActInput } from './act-on-guest.ts';
import { firmwareState } from './firmware-state.ts';
import { putBackPasswords } from './graphics-passwords.ts';
import { parseDomain } from './guest-reads.ts';
import { installationMark } from './installation-mark.ts';
import type { LibvirtConfig } from './libvirt-options.ts';
import { newDefinition } from './new-definition.ts';
import type { SavedDefinition } from './read-definition.ts';
import { seedPath } from './seed-drive.ts';
import type { VirtHost } from './virt-host.ts';
import type { XmlNode } from './xml-tree.ts';

interface Defining extends SavedDefinition {
  readonly installation: Installation;
  readonly config: LibvirtConfig;
}

/** What the script is told that defines the guest. The definition, with its passwords, comes on stdin. */
export async function defineInput(
  host: VirtHost,
  guest: HostName,
  { domain, root, installation, config }: Defining,
): Promise<ActInput> {
  const { op } = installation;
  const aside = await readAside(host, guest, `${config.state}/${guest}/${op}/aside`);
  if (aside !== undefined) putBackPasswords(domain, aside);
  const { nvram = '', tpm = '' } = firmwareState(domain, config.tpm);
  const stdin = newDefinition(domain, { root, seed: seedPath(root.file, op), op });
  const length = String(Buffer.byteLength(stdin));
  return { words: [root.file, installationMark(installation), nvram, tpm, length], stdin };
}

/** The definition as undefining has set it aside; undefined where there was none to set aside. */
async function readAside(
  host: VirtHost,
  guest: HostName,
  aside: string,
): Promise<XmlNode | undefined> {
  const isThere = (await host.run(['test', '-d', aside])).code === 0;
  if (!isThere) return undefined;
  return parseDomain(guest, await host.output(['cat', '--', `${aside}/domain.xml`]));
}
