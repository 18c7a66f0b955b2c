import type { HostName, ImageId } from '../../../domain/ids.ts';
import { hostOf } from '../../../domain/in-inventory.ts';
import type { ImageInstaller, Inventory } from '../../../domain/inventory.ts';
import { bootRefused } from './boot-failure.ts';

/** How the image's installer is booted on this host, or a Failure that says why there is no way. */
export function installableImage(
  inventory: Inventory,
  name: HostName,
  id: ImageId,
): ImageInstaller {
  const host = hostOf(inventory, name);
  if (host.kind !== 'metal') {
    const because = `it is ${host.kind}`;
    const next = 'Nothing was changed. Its hypervisor installs it.';
    throw bootRefused(name, { code: 'installer.not-metal', because, next });
  }
  const { images } = inventory;
  const installer = images.get(id)?.installer;
  if (installer !== undefined) return installer;
  throw bootRefused(name, {
    code: 'installer.image-missing',
    because: images.has(id)
      ? `image ${id} has no installer in the inventory`
      : `there is no image ${id}`,
    next: 'Nothing was changed. Add kernel, initrd and template under installer of the image, then retry.',
  });
}
