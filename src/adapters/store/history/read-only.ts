import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';

/** Why nothing of a zone may change, and since when by the store's clock. */
export const ReadOnly = z.strictObject({ since: z.number(), because: z.string() });
export type ReadOnly = Readonly<z.infer<typeof ReadOnly>>;

/** What a script of a zone answers instead of doing anything. */
export function readOnlyFailure(text: string): Failure {
  const { because } = ReadOnly.parse(JSON.parse(text));
  return new Failure({
    code: 'store.read-only',
    problem: 'The store is read-only',
    because,
    effect: 'none',
    next: 'Nothing was changed. Look at what is there, then let it go on with `signalbox store accept`.',
  });
}
