import * as z from 'zod';
import type { CheckResult, ServiceCheck } from '../domain/service-check.ts';

/** How far a check got, to be kept between two times of asking. */
export const CheckProgress = z.object({
  /** When it was asked first and last, in milliseconds since 1970. */
  since: z.number(),
  askedAt: z.number(),
  times: z.int(),
  /** Successes in a row. */
  row: z.int(),
});
export type CheckProgress = z.infer<typeof CheckProgress>;

type Thresholds = Pick<ServiceCheck, 'successes' | 'intervalMs' | 'deadlineMs'>;

export type CheckVerdict =
  | { readonly kind: 'proved' }
  | { readonly kind: 'ask-again'; readonly at: number }
  | { readonly kind: 'failed'; readonly because: string };

/** One more result. Whatever is not a success, also one that says nothing, begins the count anew. */
export function countResult(
  before: CheckProgress | undefined,
  result: CheckResult,
  askedAt: number,
): CheckProgress {
  return {
    since: before?.since ?? askedAt,
    askedAt,
    times: (before?.times ?? 0) + 1,
    row: result.kind === 'passed' ? (before?.row ?? 0) + 1 : 0,
  };
}

/** Fails as soon as there is no time left for the successes that are missing. */
export function checkVerdict(
  { successes, intervalMs, deadlineMs }: Thresholds,
  { since, askedAt, row, times }: CheckProgress,
): CheckVerdict {
  if (row >= successes) return { kind: 'proved' };
  const provedAt = askedAt + (successes - row) * intervalMs;
  if (provedAt <= since + deadlineMs) return { kind: 'ask-again', at: askedAt + intervalMs };
  const because = `${row} of ${successes} successes in a row after ${times} times in ${Math.round((askedAt - since) / 1000)} s`;
  return { kind: 'failed', because };
}
