import { Failure } from '../../../domain/failure.ts';
import type { Service } from '../../../domain/service.ts';
import { storageVerdict } from '../../../policies/storage-verdict.ts';
import type { StorageReads } from '../../ports/storage.ts';

/** A Failure where the service lives on a storage that is not healthy enough, or that does not say. */
export async function healthyStorage(
  { name, storage: needs }: Service,
  storage: StorageReads,
  signal: AbortSignal,
): Promise<void> {
  if (needs === undefined) return;
  const verdict = storageVerdict(await storage.health(signal), needs.tolerates);
  if (verdict.kind !== 'stop') return;
  throw new Failure({
    code: 'swap.storage',
    problem: `the storage under ${name} is not healthy`,
    because: verdict.because.join('; '),
    effect: 'none',
    next: 'Mend the storage first: a swap would put more weight on what is left.',
  });
}
