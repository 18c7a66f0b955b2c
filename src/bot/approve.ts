import type { OpId } from '../domain/ids.ts';
import { subjectKey } from '../jobs/engine/policy-gate.ts';
import type { Subject } from '../jobs/model/event.ts';
import { shortCode } from '../jobs/model/plan.ts';
import type { OperationState } from '../jobs/model/state.ts';
import { type ApprovalAsk, mayApprove } from '../policies/approvals.ts';
import type { Bot } from './bot.ts';
import type { Asker, Reply } from './command.ts';
import { doing, steer } from './steer.ts';

/** What the approver means: a typed code, or the very message they reacted to. */
export type Meant = { readonly code: string } | { readonly subject: Subject };

/** Approves what the operation waits for, if it is that which is meant. */
export function approve(op: OpId, meant: Meant, asker: Asker, bot: Bot): Promise<Reply> {
  return decideOn(op, meant, asker, bot, 'approve');
}

/** Denies it, which ends an operation that has not begun. */
export function deny(op: OpId, meant: Meant, asker: Asker, bot: Bot, because: string) {
  return decideOn(op, meant, asker, bot, { because });
}

/** Takes an approval back while the operation still waits for others. */
export function withdraw(op: OpId, subject: Subject, asker: Asker, bot: Bot): Promise<Reply> {
  return steer(op, asker, bot, ({ state }, person) => {
    const approved = state.approvals.some(({ by }) => by === person.id);
    if (approved && state.phase.kind === 'approval') {
      return { events: [{ kind: 'withdrawn', subject }] };
    }
    return { refused: approved ? [`${op} ${doing(state)} already`] : [] };
  });
}

function decideOn(
  op: OpId,
  meant: Meant,
  asker: Asker,
  bot: Bot,
  verdict: 'approve' | { readonly because: string },
): Promise<Reply> {
  return steer(op, asker, bot, ({ state }, person) => {
    const awaiting = awaited(state);
    const permission = mayApprove({
      op,
      person,
      requester: state.requester,
      awaiting,
      meant: 'code' in meant ? meant : { subject: subjectKey(meant.subject) },
      approvedBy: state.approvals.map(({ by, subject }) => ({ by, subject: subjectKey(subject) })),
      now: bot.now(),
      prefix: bot.prefix,
    });
    if (permission.kind === 'refuse') {
      return { refused: [`${asker.shown}: ${permission.because}. ${permission.next}`] };
    }
    return { events: verdictEvents(state, asker, verdict) };
  });
}

function awaited(state: OperationState): ApprovalAsk['awaiting'] {
  const { phase } = state;
  if (phase.kind !== 'approval') return { instead: doing(state) };
  const { subject, demand, expiresAt } = phase;
  return { subject: subjectKey(subject), code: codeOf(state, subject), demand, expiresAt };
}

/** What has to be typed back: of the plan, or of a step's evidence. */
export function codeOf({ request }: OperationState, subject: Subject): string {
  return 'plan' in subject ? shortCode(request.plan) : subject.evidence.slice(0, 4);
}

function verdictEvents(
  { phase, request }: OperationState,
  { network }: Asker,
  verdict: 'approve' | { readonly because: string },
) {
  const subject = phase.kind === 'approval' ? phase.subject : { plan: request.plan.digest };
  if (verdict === 'approve') return [{ kind: 'approved', subject, network } as const];
  const denied = { kind: 'denied', subject, because: verdict.because } as const;
  // A step that was denied stops there and is asked about; a plan that was denied never begins.
  if ('step' in subject)
    return [denied, { kind: 'hold-requested', because: verdict.because } as const];
  return [denied, { kind: 'ended', outcome: 'refused', because: verdict.because } as const];
}
