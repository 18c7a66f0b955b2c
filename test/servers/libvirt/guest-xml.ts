interface Guest {
  readonly type: 'kvm' | 'qemu';
  readonly name: string;
  readonly uuid?: string;
  /** Files, as vda, vdb and so on. */
  readonly disks: readonly string[];
  /** Under UEFI, with variables of its own in this file. */
  readonly nvram?: string;
  readonly tpm?: boolean;
  /** More devices, as XML. */
  readonly devices?: string;
}

/** A machine so small that it only ever finds nothing to boot. */
export function guestXml({ type, name, uuid, disks, nvram, tpm, devices = '' }: Guest): string {
  const loader =
    nvram === undefined
      ? ''
      : `<loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader>
         <nvram template='/usr/share/OVMF/OVMF_VARS_4M.fd'>${nvram}</nvram>`;
  const drives = disks.map(
    (file, place) => `<disk type='file' device='disk'><driver name='qemu' type='qcow2'/>
      <source file='${file}'/><target dev='vd${'abcdef'[place]}' bus='virtio'/></disk>`,
  );
  return `<domain type='${type}'>
    <name>${name}</name>${uuid === undefined ? '' : `<uuid>${uuid}</uuid>`}
    <memory unit='MiB'>32</memory>
    <os><type arch='x86_64' machine='q35'>hvm</type>${loader}</os>
    <features><acpi/></features>
    <devices>${drives.join('')}<memballoon model='none'/>
      ${tpm ? "<tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>" : ''}
      ${devices}
    </devices>
  </domain>`;
}
