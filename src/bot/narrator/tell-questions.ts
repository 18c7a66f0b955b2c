import type { EventOf } from '../../jobs/model/event.ts';
import { shortCode } from '../../jobs/model/plan.ts';
import { cannotUndo } from '../../jobs/model/step-order.ts';
import { evidenceInWords } from './evidence-in-words.ts';
import { howToAnswer, howToApprove } from './how-to-answer.ts';
import { changesBriefly, counted, duration, noWayBack, placeOf, stepTitle } from './in-words.ts';
import type { Situation } from './situation.ts';
import { type Asked, askedKey } from './subject-key.ts';
import { progress, type Scene, type Told, told } from './told.ts';

/** An operation was asked for, and what it takes to start it. */
export function requested(event: EventOf<'requested'>, scene: Scene): Told {
  const { after, entry, prefix } = scene;
  const { op, request } = after;
  const { plan, estimateMs, impact, parent } = request;
  if (parent !== undefined) return progress(scene, `${event.command}, started by ${parent}`);
  const [zone] = plan.steps.map((step) => step.zone);
  const steps = `${counted(plan.steps.length, 'step')}, about ${duration(estimateMs)}`;
  const show = `${prefix}show ${op}`;
  const warning = noWayBack(plan);
  const { demand } = event;
  const how = demand && howToApprove(demand, op, shortCode(plan), prefix);
  const situation: Situation = {
    op,
    to: entry.by,
    what: event.command,
    facts: [zone ?? '', steps, impact ?? ''],
    details: [...(plan.notes ?? []), ...changesBriefly(plan, `: ${show}`)],
    question: { options: [], whose: [], ...how, ...(warning && { warning }), see: [show] },
  };
  if (how === undefined) return { ...told(scene, 'notice', situation), inCard: true };
  const asked: Asked = { kind: 'approval', op, subject: { plan: plan.digest } };
  return { key: askedKey(asked), as: 'prompt', situation, reactions: ['👍', '👎'] };
}

/** A step asks for an approval of its own. */
export function stepApproval(event: EventOf<'approval-asked'>, scene: Scene): Told {
  const { after, prefix } = scene;
  const { op } = after;
  const asked: Asked = { kind: 'approval', op, subject: event.subject };
  const code = 'evidence' in event.subject ? event.subject.evidence.slice(0, 4) : '';
  return {
    key: askedKey(asked),
    as: 'prompt',
    situation: {
      op,
      place: placeOf(after, event.step),
      what: `${stepTitle(after, event.step)} wants an approval of its own`,
      facts: [evidenceInWords(event.evidence)],
      question: howToApprove(event.demand, op, code, prefix),
    },
    reactions: ['👍', '👎'],
  };
}

/** A step asks what to do. */
export function prompt({ prompt: asked, step, way }: EventOf<'asked'>, scene: Scene): Told {
  const { after, entry, prefix } = scene;
  const { op, current } = after;
  const place = placeOf(after, step);
  const failure = current?.failure;
  const undoing = way === 'undo' ? 'undoing: ' : '';
  const warning = cannotUndo(after) ? noWayBack(after.request.plan) : undefined;
  return {
    key: askedKey({ kind: 'prompt', op, prompt: asked.id }),
    as: 'prompt',
    situation: {
      op,
      place,
      ...(failure && { headline: 'FAILED' }),
      what: `${undoing}${asked.question}`,
      facts: failure ? [failure.result.next] : [],
      question: {
        ...howToAnswer(asked, op, prefix, entry.at),
        ...(warning && { warning }),
        see: failure ? [`${prefix}log ${op} ${place.number}`] : [],
      },
    },
    reactions: asked.options.map(({ emoji }) => emoji),
  };
}
