/** The first disk of the BIOS; on UEFI `exit` hands over to the next boot entry (iPXE, sanboot and exit). */
export const BOOT_FROM_DISK = '#!ipxe\nsanboot --no-describe --drive 0x80 || exit\n';

/** Boots an installer from the folder of its token. A word with a space or a quote cannot be said in iPXE's language. */
export function installerScript(folder: string, kernelArguments: readonly string[]): string {
  const unfit = kernelArguments.find((word) => !/^[!#%-&(-~]+$/.test(word) || /[{}|]/.test(word));
  if (unfit !== undefined) throw new TypeError(`not a word for iPXE: ${JSON.stringify(unfit)}`);
  return [
    '#!ipxe',
    `kernel ${folder}kernel initrd=initrd ${kernelArguments.join(' ')} || goto disk`,
    `initrd --name initrd ${folder}initrd || goto disk`,
    'boot',
    ':disk',
    'sanboot --no-describe --drive 0x80 || exit',
    '',
  ].join('\n');
}
