import { bootRefused } from './boot-failure.ts';
import type { BootHost } from './boot-host.ts';

/** Where a distribution keeps GRUB and how it calls its programs. */
export interface GrubLayout {
  /** Holds grub.cfg, grubenv and custom.cfg. */
  readonly folder: string;
  readonly program: (name: 'editenv' | 'probe' | 'script-check' | 'mkrelpath') => string;
}

/** Fedora, RHEL and SUSE say grub2, everybody else grub. */
const PREFIXES = ['grub2', 'grub'] as const;

/** A Failure where there is no grub.cfg at all. */
export async function grubLayout(host: BootHost, boot: string): Promise<GrubLayout> {
  for (const prefix of PREFIXES) {
    const folder = `${boot}/${prefix}`;
    if (!(await host.exists(`${folder}/grub.cfg`))) continue;
    return { folder, program: (name) => `${prefix}-${name}` };
  }
  throw bootRefused(host.name, {
    code: 'installer.no-boot-loader',
    because: `neither ${boot}/grub2/grub.cfg nor ${boot}/grub/grub.cfg is there, so it does not start by GRUB`,
    next: 'Nothing was changed. Install it by another driver: kexec, extlinux, or PXE through its management controller.',
  });
}
