import { createHash } from 'node:crypto';
import type { HostName } from '../../../domain/ids.ts';
import type { Installation } from '../../../jobs/ports/installer.ts';

/**
 * Opens the install server for one installation. Whoever arms it and whoever opens it come to the same one, each from the
 * nonce; nobody comes from it to the nonce, which is why it may stand in a boot entry and in a kernel's command line.
 */
export function installToken(host: HostName, { op, nonce }: Installation): string {
  const parts = JSON.stringify(['signalbox install token', op, host, nonce]);
  return createHash('sha256').update(parts).digest('hex').slice(0, 40);
}
