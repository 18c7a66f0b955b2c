import { bootRefused } from './boot-failure.ts';
import type { BootHost } from './boot-host.ts';
import type { GrubLayout } from './grub-layout.ts';

/** What GRUB writes to in place, as grub-probe calls them; ext2 is ext3 and ext4 too. */
const WRITABLE = ['ext2', 'xfs', 'fat'];
/** 00_header of grub-mkconfig; SUSE has some lines more in between. */
const TAKES_ONE_TIME_ENTRY = /save_env\s+next_entry\b(?:.*\n){1,8}?.*\bboot_once=true/;
const OTHER_WAYS =
  'Nothing was changed. Install it by kexec, or by PXE through its management controller.';

/**
 * GRUB clears `next_entry` by writing the block in place. Where it cannot, the entry would be booted at every start and
 * the host reinstalled for ever (grub-reboot(8), NOTE; GNU GRUB manual, Environment block).
 */
export async function refuseLoop(host: BootHost, { folder, program }: GrubLayout): Promise<void> {
  const probe = async (target: string) =>
    (await host.output([program('probe'), `--target=${target}`, folder])).trim();
  const abstraction = await probe('abstraction');
  if (abstraction !== '')
    throw wouldLoop(host, folder, `on ${abstraction.split(/\s+/).join(', ')}`);
  const filesystem = await probe('fs');
  if (!WRITABLE.includes(filesystem)) throw wouldLoop(host, folder, `on ${filesystem}`);
}

function wouldLoop({ name }: BootHost, folder: string, where: string) {
  return bootRefused(name, {
    code: 'installer.would-loop',
    because: `${folder} is ${where}, where GRUB cannot clear a one-time entry: the host would be reinstalled at every start`,
    next: OTHER_WAYS,
  });
}

/** That grub.cfg takes a one-time entry, and takes it back, and reads our file. Its text counts, not what it was made from. */
export async function refuseDeafConfiguration(host: BootHost, layout: GrubLayout): Promise<void> {
  const path = `${layout.folder}/grub.cfg`;
  const text = (await host.read(path)) ?? '';
  if (!TAKES_ONE_TIME_ENTRY.test(text)) {
    throw bootRefused(host.name, {
      code: 'installer.not-one-shot',
      because: `${path} does not take a one-time entry and clear it`,
      next: `Nothing was changed. Set GRUB_DEFAULT=saved in /etc/default/grub on ${host.name} and make ${path} anew, or install it by kexec or PXE.`,
    });
  }
  const ours = text.search(/^\s*source\s+\S*custom\.cfg/m);
  if (ours < 0) {
    throw bootRefused(host.name, {
      code: 'installer.no-own-entries',
      because: `${path} does not read custom.cfg`,
      next: `Nothing was changed. Make /etc/grub.d/41_custom executable on ${host.name} and make ${path} anew, or install it by kexec or PXE.`,
    });
  }
  // GRUB counts from the first entry: where ours came before all others, it would be the default of who has saved none.
  const first = text.search(/^\s*(?:menuentry|submenu|blscfg)\b/m);
  if (first >= 0 && first < ours) return;
  throw bootRefused(host.name, {
    code: 'installer.not-one-shot',
    because: `${path} reads custom.cfg before any other entry, so ours would be its first`,
    next: `Nothing was changed. Let /etc/grub.d/41_custom come after the others on ${host.name} and make ${path} anew, or install it by kexec or PXE.`,
  });
}
