import type { Entry, JournalEvent } from '../../jobs/model/event.ts';
import type { Prompt } from '../../jobs/model/prompt.ts';
import type { OperationState, Phase } from '../../jobs/model/state.ts';
import { codeOf } from '../approve.ts';
import { howToAnswer, howToApprove } from './how-to-answer.ts';
import { clockTime, duration, noWayBack, placeOf, stepTitle } from './in-words.ts';
import type { Situation } from './situation.ts';
import { type Asked, askedKey } from './subject-key.ts';
import type { Told } from './told.ts';

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
  readonly situation: Situation;
  readonly reactions: readonly string[];
}

function again({ asked, situation, reactions }: Again, seq: number): Told {
  return { key: `${askedKey(asked)} reminder ${seq}`, as: 'prompt', situation, reactions };
}

function approval(
  state: OperationState,
  { subject, demand, expiresAt }: Extract<Phase, { kind: 'approval' }>,
  since: string,
  now: number,
  prefix: string,
): Again {
  const { op, request } = state;
  const what = 'plan' in subject ? request.command : stepTitle(state, subject.step);
  const warning = noWayBack(request.plan);
  return {
    asked: { kind: 'approval', op, subject },
    situation: {
      op,
      ...('step' in subject && { place: placeOf(state, subject.step) }),
      what: `${what} still waits for approval (${since})`,
      question: {
        ...howToApprove(demand, op, codeOf(state, subject), prefix),
        ...(warning && { warning }),
        see: [`${prefix}show ${op}`],
        otherwise: `expires at ${clockTime(expiresAt, now)}`,
      },
    },
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
    situation: {
      op,
      place: placeOf(state, step),
      what: `still waits for an answer (${since}): ${prompt.question}`,
      question: { ...howToAnswer(prompt, op, prefix, now), see: [`${prefix}show ${op}`] },
    },
    reactions: prompt.options.map(({ emoji }) => emoji),
  };
}
