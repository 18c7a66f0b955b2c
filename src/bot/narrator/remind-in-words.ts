import type { Entry, JournalEvent } from '../../jobs/model/event.ts';
import type { Prompt } from '../../jobs/model/prompt.ts';
import type { OperationState, Phase } from '../../jobs/model/state.ts';
import { codeOf } from '../approve.ts';
import { howToAnswer, howToApprove, ifUnanswered } from './how-to-answer.ts';
import { clockTime, duration, joined, noWayBack, position, stepTitle } from './in-words.ts';
import { type Asked, askedKey } from './subject-key.ts';
import type { Told } from './tell.ts';

/** Whatever waits for people, asked again; a reaction to this is one to the question itself. */
export function remindInWords(
  state: OperationState,
  { seq, at }: Entry,
  prefix: string,
): readonly Told[] {
  const { phase, silence } = state;
  const since = duration(at - silence.since);
  if (phase.kind === 'approval') return [again(approval(state, phase, since, at, prefix), seq)];
  if (phase.kind === 'asking') return [again(question(state, phase, since, at, prefix), seq)];
  return [];
}

/** How what was asked beyond the operation's channels came out, and what nobody answered at all. */
export function isForOthersToo(
  event: JournalEvent,
  { before, entry }: { readonly before: OperationState | undefined; readonly entry: Entry },
): boolean {
  if (event.kind === 'reminded') return event.escalated;
  const waited = before?.phase.kind === 'approval' || before?.phase.kind === 'asking';
  if (!waited) return false;
  if (event.kind === 'answered' && entry.by === 'engine') return true;
  if (event.kind === 'ended' && event.outcome === 'expired') return true;
  return before.silence.escalated && SETTLES.has(event.kind);
}

const SETTLES: ReadonlySet<string> = new Set(['approved', 'denied', 'answered', 'ended']);

interface Again {
  readonly asked: Asked;
  readonly lines: readonly string[];
  readonly reactions: readonly string[];
}

function again({ asked, lines, reactions }: Again, seq: number): Told {
  return { key: `${askedKey(asked)} reminder ${seq}`, as: 'prompt', lines, reactions };
}

function approval(
  state: OperationState,
  { subject, demand, expiresAt }: Extract<Phase, { kind: 'approval' }>,
  since: string,
  now: number,
  prefix: string,
): Again {
  const { op, request } = state;
  const what =
    'plan' in subject
      ? `${op} ${request.command}`
      : `${op} ${position(state, subject.step)} ${stepTitle(state, subject.step)}`;
  const show = `${prefix}show ${op}`;
  const how = howToApprove(demand, op, codeOf(state, subject), prefix);
  const limit = `expires at ${clockTime(expiresAt, now)}`;
  return {
    asked: { kind: 'approval', op, subject },
    lines: [
      `${what} still waits for approval (${since})`,
      joined([noWayBack(request.plan), how, show, limit]),
    ],
    reactions: ['👍', '👎'],
  };
}

function question(
  state: OperationState,
  { prompt, step }: Extract<Phase, { prompt: Prompt }>,
  since: string,
  now: number,
  prefix: string,
): Again {
  const { op } = state;
  return {
    asked: { kind: 'prompt', op, prompt: prompt.id },
    lines: [
      `${op} ${position(state, step)} still waits for an answer (${since}): ${prompt.question}`,
      joined([howToAnswer(prompt, op, prefix), `${prefix}show ${op}`, ifUnanswered(prompt, now)]),
    ],
    reactions: prompt.options.map(({ emoji }) => emoji),
  };
}
