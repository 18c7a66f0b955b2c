import { join } from 'node:path';
import type { Settings } from '../../adapters/config/settings.ts';

/** Where this machine's bot writes down what it has seen. */
export function anchorsPath({ store }: Pick<Settings, 'store'>): string {
  return join(store.data, 'anchors.ndjson');
}
