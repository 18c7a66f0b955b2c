import { ImageName } from '../../domain/ids.ts';
import { inputFields } from '../../jobs/model/input-fields.ts';

/** The image that a plan's input names, in whatever version: a new one comes every week, and takes about as long. */
export function imageNameOf(input: unknown): ImageName | undefined {
  const name = inputFields(input).image?.split('@')[0];
  return ImageName.safeParse(name).data;
}
