import type { Settings } from '../../adapters/config/settings.ts';
import { TERMINAL } from '../../policies/assurance.ts';
import type { Place, Whence } from '../../policies/place.ts';

/** Where something is asked as far as it was said; without, in the first channel of the site. */
export function placeOf(
  whence: Whence | undefined,
  { channels }: Pick<Settings, 'channels'>,
): Place {
  const [first = { network: TERMINAL.network, channel: '' }] = channels;
  if (whence === undefined) return { network: first.network, channel: first.channel };
  return { network: whence.network, channel: whence.channel ?? '' };
}
