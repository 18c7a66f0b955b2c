import { createHash } from 'node:crypto';
import type { OpId } from '../../domain/ids.ts';

export interface TraceIds {
  readonly traceId: string;
  /** Of the span of the whole operation. */
  readonly spanId: string;
}

/** Every process finds the same ids for an operation, so that what each does of it becomes one trace. */
export function traceIdsOf(installation: string, op: OpId): TraceIds {
  const digest = createHash('sha256').update(`signalbox ${installation} ${op}`).digest('hex');
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48) };
}
