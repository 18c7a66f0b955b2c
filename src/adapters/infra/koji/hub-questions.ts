import type * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import type { ChangeOutcome, KojiSession } from './session.ts';
import type { XmlRpcCall, XmlRpcValue } from './xml-rpc-value.ts';

/** What a driver says to a hub: reads that are parsed, and changes that are never sent twice. */
export interface HubQuestions {
  readonly hubName: string;
  ask<Answer>(
    shape: z.ZodType<Answer>,
    signal: AbortSignal,
    method: string,
    ...params: readonly XmlRpcValue[]
  ): Promise<Answer>;
  /** Sends the call once. Where the answer is lost, `isDone` looks whether it was carried out. */
  change(call: XmlRpcCall, signal: AbortSignal, isDone: () => Promise<boolean>): Promise<void>;
}

export function hubQuestions(session: KojiSession): HubQuestions {
  return {
    hubName: session.hubName,
    async ask(shape, signal, method, ...params) {
      const answer = shape.safeParse(await session.read({ method, params }, signal));
      if (answer.success) return answer.data;
      throw unreadable(session.hubName, method, answer.error);
    },
    async change(call, signal, isDone) {
      const outcome = await session.change(call, signal);
      if (outcome.kind === 'answered' || (await looksDone(outcome, isDone))) return;
      throw outcome.failure;
    },
  };
}

/**
 * Asked in the same session, so the hub answers after it has ended a call that it had begun: both lock the
 * session's row. When the look itself fails, the outcome stays unknown.
 */
async function looksDone(
  outcome: Exclude<ChangeOutcome, { kind: 'answered' }>,
  isDone: () => Promise<boolean>,
): Promise<boolean> {
  try {
    return await isDone();
  } catch {
    throw outcome.failure;
  }
}

function unreadable(hub: string, method: string, cause: z.ZodError): Failure {
  const [issue] = cause.issues;
  return new Failure({
    code: 'koji.unreadable',
    problem: `koji at ${hub} answered ${method} with something unexpected`,
    because: `${issue?.path.join('.') || 'the answer'}: ${issue?.message ?? 'not understood'}`,
    effect: 'none',
    next: 'Nothing was changed. Check with `signalbox check` that the address is that of a koji hub.',
    cause,
  });
}
