import { createHash } from 'node:crypto';
import type { Installation } from '../../../jobs/ports/installer.ts';

/** Tells installations apart without their nonce, which is kept nowhere on the hypervisor but in the seed. */
export function installationMark({ op, image, nonce }: Installation): string {
  const parts = JSON.stringify(['signalbox guest', op, image, nonce]);
  return createHash('sha256').update(parts).digest('hex');
}
