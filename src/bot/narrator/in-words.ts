import type { StepId } from '../../domain/ids.ts';
import type { Author } from '../../jobs/model/event.ts';
import { type Plan, pointOfNoReturn } from '../../jobs/model/plan.ts';
import { type OperationState, stepOf } from '../../jobs/model/state.ts';
import type { Place } from './situation.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** `8 s`, `24 min`, `1 h 5 min`, `2 days`: as exact as somebody waiting cares for. */
export function duration(ms: number): string {
  if (ms < 90 * SECOND) return `${Math.round(ms / SECOND)} s`;
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.round(hours / 24)} days`;
}

/** What is usual beside what it was, `3` or `45 s` beside `4 min`: the unit is not repeated. */
export function usually(ms: number, was: number): string {
  const [usual, actual] = [duration(ms), duration(was)];
  const unit = / \S+$/.exec(actual)?.[0] ?? '';
  const isSame = !hasTwoUnits(usual) && !hasTwoUnits(actual) && usual.endsWith(unit);
  return isSame ? usual.slice(0, -unit.length) : usual;
}

function hasTwoUnits(text: string): boolean {
  return text.split(' ').length > 2;
}

/** `15:40 UTC`, with the date when it is another day than `now`. */
export function clockTime(at: number, now: number): string {
  const [day, time] = new Date(at).toISOString().slice(0, 16).split('T');
  const today = new Date(now).toISOString().slice(0, 10);
  return day === today ? `${time} UTC` : `${day} ${time} UTC`;
}

/** `2/8` */
export function position(state: OperationState, id: StepId): string {
  const { number, of } = placeOf(state, id);
  return `${number}/${of}`;
}

export function placeOf({ request }: OperationState, id: StepId): Place {
  const { steps } = request.plan;
  return { number: steps.findIndex((step) => step.id === id) + 1, of: steps.length };
}

/** `no way back after step 4 (reinstall)`, or undefined when every step can be undone. */
export function noWayBack(plan: Plan): string | undefined {
  const step = pointOfNoReturn(plan);
  if (step === undefined) return undefined;
  return `no way back after step ${plan.steps.indexOf(step) + 1} (${step.id})`;
}

const CHANGES_SHOWN = 6;

/** What would change, in a few lines; `whereAll` says where the others are. */
export function changesBriefly({ changes = [] }: Plan, whereAll: string): readonly string[] {
  // One line that says there is one more line helps nobody.
  if (changes.length <= CHANGES_SHOWN + 1) return changes;
  const others = counted(changes.length - CHANGES_SHOWN, 'more line');
  return [...changes.slice(0, CHANGES_SHOWN), `… ${others}${whereAll}`];
}

export function stepTitle(state: OperationState, id: StepId): string {
  return stepOf(state, id).title;
}

/** `approved by ben`, and loudly where nobody else looked at it. */
export function approvedBy(by: Author, { requester }: Pick<OperationState, 'requester'>): string {
  return by === requester ? `SELF-APPROVED by ${by}` : `approved by ${by}`;
}

/** `1 approval`, `2 approvals` */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** What the record says where nobody said why; it is not repeated in the channel. */
export const NO_REASON = 'no reason given';

/** `what: because`, or `what` alone when nobody said why. */
export function withReason(what: string, because: string): string {
  return because === NO_REASON ? what : `${what}: ${because}`;
}

/** Joins what there is, leaving out what there is not. */
export function joined(parts: readonly (string | undefined | false)[]): string {
  return parts.filter((part) => part).join(' · ');
}
