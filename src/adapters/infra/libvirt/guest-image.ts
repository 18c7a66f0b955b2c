import type { HostName, ImageId } from '../../../domain/ids.ts';
import type { ImageGuest, Inventory } from '../../../domain/inventory.ts';
import { guestRefused } from './libvirt-failure.ts';

export interface GoldenImage extends ImageGuest {
  /** Where its disk is on the hypervisor. */
  readonly path: string;
}

/** How a guest of the image is made, or a Failure that says why there is no way. */
export function guestImage({ images }: Inventory, guest: HostName, id: ImageId): ImageGuest {
  const image = images.get(id);
  if (image?.guest !== undefined) return image.guest;
  throw guestRefused(guest, {
    code: 'hypervisor.image-missing',
    because: image
      ? `image ${id} has no disk for guests in the inventory`
      : `there is no image ${id}`,
    next: 'Nothing was changed. Add its disk under guest of the image, then retry.',
  });
}
