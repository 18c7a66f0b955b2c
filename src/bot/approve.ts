import type { OpId, UserId } from '../domain/ids.ts';
import type { Person } from '../domain/inventory.ts';
import { askOf } from '../jobs/engine/ask-of.ts';
import { demandNow } from '../jobs/engine/policy-gate.ts';
import type { JournalEvent, Subject } from '../jobs/model/event.ts';
import { shortCode } from '../jobs/model/plan.ts';
import { isSameSubject, subjectKey } from '../jobs/model/same-subject.ts';
import type { OperationState } from '../jobs/model/state.ts';
import { type ApprovalAsk, mayApprove } from '../policies/approvals.ts';
import { glassOf } from '../policies/break-glass.ts';
import { tooWeak } from '../policies/strength.ts';
import type { Bot } from './bot.ts';
import type { Answered, Asker } from './command.ts';
import { NO_REASON, withReason } from './narrator/in-words.ts';
import { refusal, refused } from './refusal.ts';
import { doing, steer } from './steer.ts';

/** What the approver means: a typed code, or the very message they reacted to. */
export type Meant = { readonly code: string } | { readonly subject: Subject };

type Verdict = 'approve' | { readonly because: string | undefined };

/** Approves what the operation waits for, if it is that which is meant. */
export function approve(op: OpId, meant: Meant, asker: Asker, bot: Bot): Promise<Answered> {
  return decideOn(op, meant, asker, bot, 'approve');
}

/** Denies it, which ends an operation that has not begun. */
export function deny(
  op: OpId,
  meant: Meant,
  asker: Asker,
  bot: Bot,
  because?: string,
): Promise<Answered> {
  return decideOn(op, meant, asker, bot, { because });
}

/** Takes an approval back while the operation still waits for others. */
export function withdraw(op: OpId, subject: Subject, asker: Asker, bot: Bot): Promise<Answered> {
  return steer(op, asker, bot, ({ state }, person) => {
    const { approvals, phase } = state;
    if (!approvals.some((one) => one.by === person.id && isSameSubject(one.subject, subject))) {
      return { refused: [] };
    }
    if (phase.kind === 'approval' && isSameSubject(phase.subject, subject)) {
      return { events: [{ kind: 'withdrawn', subject }] };
    }
    const because = `it is too late to take that approval back: ${op} ${doing(state)}`;
    return { refused: [refusal(asker, { because, next: `${bot.prefix}cancel ${op} ends it.` })] };
  });
}

function decideOn(
  op: OpId,
  meant: Meant,
  asker: Asker,
  bot: Bot,
  verdict: Verdict,
): Promise<Answered> {
  return steer(op, asker, bot, ({ state }, person) => {
    if (verdict !== 'approve' && person.id === state.requester) {
      const because = `${person.id} asked for ${op}: ${bot.prefix}cancel ${op} takes it back`;
      return { refused: [refused(asker, because)] };
    }
    const awaiting = awaited(state);
    const { strength, selfApproval } = bot.policy();
    const deed = askOf(state, bot.inventory());
    const permission = mayApprove({
      op,
      person,
      requester: state.requester,
      awaiting,
      meant: 'code' in meant ? meant : { subject: subjectKey(meant.subject) },
      // Whoever has approved may still change their mind.
      approvedBy: verdict === 'approve' ? given(state) : [],
      network: asker.network,
      weaknessOf: (network) => tooWeak({ ...deed, deed: 'approve', network }, strength),
      selfApproval: isUnderGlass(state, person) ? [] : selfApproval,
      now: bot.now(),
      prefix: bot.prefix,
    });
    if (permission.kind === 'refuse') {
      return { refused: [refusal(asker, permission)] };
    }
    return { events: verdictEvents(state, person.id, asker, verdict) };
  });
}

/** Break-glass takes two people, whatever the site lets one of them do. */
function isUnderGlass({ glass }: OperationState, person: Person): boolean {
  return glass !== undefined || glassOf(person) !== undefined;
}

function given({ approvals }: OperationState): ApprovalAsk['approvedBy'] {
  return approvals.map((one) => ({ ...one, subject: subjectKey(one.subject) }));
}

function awaited(state: OperationState): ApprovalAsk['awaiting'] {
  const { phase } = state;
  if (phase.kind !== 'approval') return { instead: doing(state) };
  const { subject, demand, expiresAt } = phase;
  const code = codeOf(state, subject);
  return { subject: subjectKey(subject), code, demand: demandNow(state, demand), expiresAt };
}

/** What has to be typed back: of the plan, or of a step's evidence. */
export function codeOf({ request }: OperationState, subject: Subject): string {
  return 'plan' in subject ? shortCode(request.plan) : subject.evidence.slice(0, 4);
}

function verdictEvents(
  { phase, request, requester }: OperationState,
  by: UserId,
  { network }: Asker,
  verdict: Verdict,
): readonly JournalEvent[] {
  const subject = phase.kind === 'approval' ? phase.subject : { plan: request.plan.digest };
  if (verdict === 'approve') {
    const own = by === requester && ({ own: true } as const);
    return [{ kind: 'approved', subject, network, ...own }];
  }
  const because = verdict.because ?? NO_REASON;
  const denied = { kind: 'denied', subject, because } as const;
  // A step that was denied stops there and is asked about; a plan that was denied never begins.
  if ('step' in subject) return [denied, { kind: 'hold-requested', because } as const];
  const why = withReason(`denied by ${by}`, because);
  return [denied, { kind: 'ended', outcome: 'refused', because: why } as const];
}
