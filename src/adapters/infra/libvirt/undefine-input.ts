import type { HostName } from '../../../domain/ids.ts';
import type { ActInput } from './act-on-guest.ts';
import { firmwareState } from './firmware-state.ts';
import { isListed, parseDomain, readDomainXml } from './guest-reads.ts';
import type { LibvirtConfig } from './libvirt-options.ts';
import { undefineWords } from './undefine-words.ts';
import type { VirtHost } from './virt-host.ts';

/** What the script is told that undefines the guest; it is asked to also where there is none, for the fence. */
export async function undefineInput(
  host: VirtHost,
  guest: HostName,
  config: LibvirtConfig,
): Promise<ActInput> {
  const patience = String(config['shutdown-seconds']);
  if (!(await isListed(host, guest, '--all'))) return { words: [patience, '', ''] };
  const domain = parseDomain(guest, await readDomainXml(host, guest, 'defined'));
  const firmware = firmwareState(domain, config.tpm);
  const flags = undefineWords(await host.virsh('help', 'undefine'), firmware);
  return { words: [patience, firmware.nvram ?? '', firmware.tpm ?? '', ...flags] };
}
