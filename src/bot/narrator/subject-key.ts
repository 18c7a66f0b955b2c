import { OpId, StepId } from '../../domain/ids.ts';
import type { Subject } from '../../jobs/model/event.ts';
import type { OperationState } from '../../jobs/model/state.ts';

/** What a message of ours asks, so that a reaction to it is an answer to just that. */
export type Asked =
  | { readonly kind: 'approval'; readonly op: OpId; readonly subject: Subject }
  | { readonly kind: 'prompt'; readonly op: OpId; readonly prompt: string };

/** The stable key of a message that asks something. Another plan or another prompt is another message. */
export function askedKey(asked: Asked): string {
  if (asked.kind === 'prompt') return `${asked.op} prompt ${asked.prompt}`;
  const { subject } = asked;
  return 'plan' in subject
    ? `${asked.op} plan ${subject.plan}`
    : `${asked.op} step ${subject.step} ${subject.evidence}`;
}

/** What an operation asks people as it stands; undefined when it asks nothing. */
export function askedNow({ op, phase }: OperationState): Asked | undefined {
  if (phase.kind === 'approval') return { kind: 'approval', op, subject: phase.subject };
  if (phase.kind !== 'asking' && phase.kind !== 'held') return undefined;
  return { kind: 'prompt', op, prompt: phase.prompt.id };
}

/** Undefined for the key of a message that asks nothing. */
export function readAskedKey(key: string): Asked | undefined {
  const [first, kind, what, evidence] = key.split(' ');
  const op = OpId.safeParse(first);
  if (!op.success || what === undefined) return undefined;
  if (kind === 'prompt') return { kind, op: op.data, prompt: what };
  if (kind === 'plan') return { kind: 'approval', op: op.data, subject: { plan: what } };
  const step = StepId.safeParse(what);
  if (kind !== 'step' || !step.success || evidence === undefined) return undefined;
  return { kind: 'approval', op: op.data, subject: { step: step.data, evidence } };
}
