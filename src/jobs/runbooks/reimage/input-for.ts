import { Failure } from '../../../domain/failure.ts';
import { type HostName, ImageId } from '../../../domain/ids.ts';
import { hostOf, imageOf } from '../../../domain/in-inventory.ts';
import type { Host, Inventory } from '../../../domain/inventory.ts';
import type { Arguments } from '../../model/command-spec.ts';
import type { ReimageInput } from './facts.ts';

/** What was typed for one host. A Failure when no image is known for it, or that does not fit it. */
export function inputFor(
  name: HostName,
  { image: typed }: Arguments,
  inventory: Inventory,
): ReimageInput {
  const host = hostOf(inventory, name);
  const id = typed === undefined ? host.image : ImageId.parse(typed);
  if (id === undefined) throw noImage(name);
  const image = imageOf(inventory, id);
  if (!image.kinds.includes(host.kind)) throw doesNotFit(id, host, host.kind, image.kinds);
  if (!image.architectures.includes(host.architecture)) {
    throw doesNotFit(id, host, host.architecture, image.architectures);
  }
  return { host: name, image: id };
}

function noImage(host: HostName): Failure {
  return new Failure({
    code: 'reimage.no-image',
    problem: `nobody said which image ${host} is to have`,
    because: 'the inventory names no image for it',
    effect: 'none',
    next: `Add image=… to the command, or give ${host} an image in the inventory.`,
  });
}

function doesNotFit(id: ImageId, host: Host, is: string, fits: readonly string[]): Failure {
  return new Failure({
    code: 'reimage.does-not-fit',
    problem: `${id} does not fit ${host.name}`,
    because: `${host.name} is ${is}, the image is for ${fits.join(' and ')}`,
    effect: 'none',
    next: 'Choose another image with image=….',
  });
}
