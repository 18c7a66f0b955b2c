import type { ImageInstaller } from '../../../../src/domain/inventory.ts';
import { inventoryWith } from './example-image.ts';
import { type FakeBootShell, fakeBootShell } from './fake-boot-shell.ts';

export const SERVER = 'http://10.0.0.5:8090/';

/** As grub-mkconfig writes it, as far as it matters here. */
export const GRUB_CFG = `if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
   set next_entry=
   save_env next_entry
   set boot_once=true
else
   set default="\${saved_entry}"
fi
set timeout=0
menuentry disk --id disk {
  echo 'FROM DISK'
  exit
}
if [ -f  \${config_directory}/custom.cfg ]; then
  source \${config_directory}/custom.cfg
fi
`;

export const EXTLINUX_CONF = `default l0
label recovery
	linux /vmlinuz-old
	fdtdir /dtb-old
label l0
	linux /vmlinuz
	fdtdir /dtb
	append root=/dev/mmcblk0p2
`;

export const grubHost = () =>
  fakeBootShell({ '/boot/grub/grub.cfg': GRUB_CFG, '/boot/grub/grubenv': 'saved_entry=0' });
export const kexecHost = () => fakeBootShell({ '/sys/kernel/kexec_loaded': '0\n' });
export const uBootHost = () => fakeBootShell({ '/boot/extlinux/extlinux.conf': EXTLINUX_CONF });

export function bootOptions(
  { shell }: FakeBootShell,
  image: Partial<ImageInstaller> | 'no installer' = {},
) {
  return {
    shell: () => shell,
    inventory: { current: () => inventoryWith(image) },
    server: SERVER,
    boot: '/boot',
    freeMb: 256,
    restart: ['systemctl', 'reboot'],
  };
}
