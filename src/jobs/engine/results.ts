import * as z from 'zod';
import { Failure } from '../../domain/failure.ts';
import type { EventOf } from '../model/event.ts';
import type { Current, OperationState } from '../model/state.ts';
import { stepOf } from '../model/state.ts';
import type { Redactor } from './redactor.ts';

/** What a call threw, as it is journalled: never a raw error, never a secret. */
export interface Thrown {
  readonly effect: Failure['effect'];
  readonly code: string;
  readonly text: string;
  readonly next: string;
}

/** A Failure speaks for itself. Anything else is a bug, and nobody knows what it left behind. */
export function readThrown(problem: unknown, { redact }: Redactor): Thrown {
  if (problem instanceof Failure) {
    const { effect, code, message, next } = problem;
    return { effect, code, text: redact(message), next: redact(next) };
  }
  return {
    effect: 'unknown',
    code: 'step.bug',
    text: redact(`a bug: ${describe(problem)}`),
    next: 'Look at what it did before any retry, and report it with the log of the worker.',
  };
}

/** Waited longer than its definition allows. */
export function overdue(state: OperationState, note: string): EventOf<'step-ended'> {
  const { step, way, attempt } = currentOf(state);
  const text = note === '' ? 'waited too long' : `waited too long: ${note}`;
  const next = `Look at ${stepOf(state, step).target}, then retry to wait again.`;
  return {
    kind: 'step-ended',
    step,
    way,
    attempt,
    result: { kind: 'failed', code: 'step.overdue', text, next },
  };
}

export function currentOf({ op, current }: OperationState): Current {
  if (current === undefined) throw new Error(`${op} is at no step`);
  return current;
}

function describe(problem: unknown): string {
  if (problem instanceof z.ZodError) return z.prettifyError(problem).replaceAll('\n', ' ');
  return problem instanceof Error ? `${problem.name}: ${problem.message}` : String(problem);
}
