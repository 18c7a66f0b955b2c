import type { FirmwareState } from './firmware-state.ts';

const ALWAYS = ['--managed-save', '--snapshots-metadata', '--checkpoints-metadata'] as const;

/**
 * Words of `virsh undefine`, as far as this virsh has them. What is dropped is what belongs to the old root disk; no disk
 * and nothing that firmware or TPM remember. Before 8.9 libvirt has no word for the TPM and drops it, which is why it is
 * set aside as well.
 */
export function undefineWords(help: string, { nvram, tpm }: FirmwareState): readonly string[] {
  const wanted = [
    ...ALWAYS,
    ...(nvram === undefined ? [] : ['--keep-nvram']),
    ...(tpm === undefined ? [] : ['--keep-tpm']),
  ];
  const known = new Set(help.match(/--[a-z-]+/g));
  return wanted.filter((word) => known.has(word));
}
