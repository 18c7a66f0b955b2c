import * as z from 'zod';
import { OpId, ZoneName } from '../../../domain/ids.ts';

/** The newest entry of a zone that a process has seen: whatever store it meets has to have it. */
export const Mark = z.strictObject({
  op: OpId,
  seq: z.int().nonnegative(),
  /** SHA-256 over the text of the entry. */
  digest: z.string(),
  /** Milliseconds since 1970, by the store's clock. */
  at: z.number(),
});
export type Mark = Readonly<z.infer<typeof Mark>>;

export type Marks = ReadonlyMap<ZoneName, Mark>;

export const StoredMarks = z.record(ZoneName, Mark);
