import type { GoldenImage } from '../guest/golden-image.ts';

export interface GuestDomain {
  readonly type: 'kvm' | 'qemu';
  readonly name: string;
  readonly golden: Pick<GoldenImage, 'kernel' | 'initramfs'>;
  readonly root: string;
  readonly kept: string;
  /** Where everything is written that it says on its serial line. */
  readonly console: string;
  /** Of loopback, which leads to its SSH server. */
  readonly sshPort: number;
}

/**
 * More than it needs: an emulated machine starts again ten times as slowly where its kernel is unpacked onto pages that hold
 * code already translated, and a kernel that chooses its place at random finds another one in so much.
 */
const MEMORY_MB = 512;

/** A machine with a root disk, a disk that is kept, and the emulator's own network, which needs no rights. */
export function guestDomain(guest: GuestDomain): string {
  const { type, name, golden, root, kept, sshPort } = guest;
  const network = [
    ...['-netdev', `user,id=user0,hostfwd=tcp:127.0.0.1:${sshPort}-:22`],
    ...['-device', 'virtio-net-pci,netdev=user0,romfile=,addr=0x10'],
  ];
  return `<domain type='${type}' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
    <name>${name}</name>
    <memory unit='MiB'>${MEMORY_MB}</memory>
    <os><type arch='x86_64' machine='pc'>hvm</type>
      <kernel>${golden.kernel}</kernel><initrd>${golden.initramfs}</initrd>
      <cmdline>console=ttyS0 panic=-1 reboot=t quiet</cmdline>
    </os>
    <features><acpi/></features>
    <devices>
      ${disk(root, 'vda')}${disk(kept, 'vdb')}
      <controller type='usb' model='none'/>
      <serial type='file'><source path='${guest.console}' append='on'/></serial>
      <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
      <memballoon model='none'/>
    </devices>
    <qemu:commandline>${network.map((word) => `<qemu:arg value='${word}'/>`).join('')}</qemu:commandline>
  </domain>`;
}

function disk(file: string, target: string): string {
  return `<disk type='file' device='disk'><driver name='qemu' type='qcow2'/>
    <source file='${file}'/><target dev='${target}' bus='virtio'/></disk>`;
}
