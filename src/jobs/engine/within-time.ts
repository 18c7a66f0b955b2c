import { Failure } from '../../domain/failure.ts';
import { unlessAborted } from '../../domain/unless-aborted.ts';
import type { StepDef } from '../model/runbook.ts';
import type { Tenure } from './tenure.ts';

/** A call that takes longer than its definition allows is cut off, and nobody knows what it did. */
export async function withinTime<T>(
  { signal: lost }: Tenure,
  { attemptMs }: StepDef,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const signal = AbortSignal.any([lost, late.signal]);
  const timer = setTimeout(() => late.abort(tooLong(attemptMs)), attemptMs);
  try {
    return await unlessAborted(signal, () => work(signal));
  } finally {
    clearTimeout(timer);
  }
}

function tooLong(attemptMs: number): Failure {
  return new Failure({
    code: 'step.timeout',
    problem: 'it was cut off',
    because: `it took longer than ${attemptMs / 1000} s`,
    effect: 'unknown',
    next: 'Look at what it did before any retry.',
  });
}
