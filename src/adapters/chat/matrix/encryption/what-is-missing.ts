import type { Failure } from '../../../../domain/failure.ts';
import { cryptoModule } from '../load-sdk.ts';
import { noEncryption } from '../matrix-failure.ts';

/** What this machine lacks for encrypted rooms. */
export function whatIsMissing(keysFolder: string | undefined): Failure | undefined {
  if (keysFolder === undefined) return noEncryption('keys-folder is not set');
  if (cryptoModule() === undefined) return noEncryption('the native file that encrypts is missing');
  return undefined;
}
