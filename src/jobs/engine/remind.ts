import { approvalsGiven } from '../model/approvals-given.ts';
import type { EventOf } from '../model/event.ts';
import { type ReminderTimes, remindersAfter } from '../model/reminders.ts';
import type { OperationState } from '../model/state.ts';

/** What has to be said again now, if anything, and when there may be something to say. */
export interface Reminding {
  readonly due: EventOf<'reminded'> | undefined;
  readonly nextInMs: number;
}

const NEVER: Reminding = { due: undefined, nextInMs: Number.POSITIVE_INFINITY };

/** However long nobody looked, people are told again once and not once for every time that was missed. */
export function reminding(
  state: OperationState,
  now: number,
  times: ReminderTimes | undefined,
): Reminding {
  if (times === undefined || !waitsForPeople(state)) return NEVER;
  const { since, reminded, escalated: before } = state.silence;
  const { count, escalated, nextInMs } = remindersAfter(now - since, times);
  if (count <= reminded) return { due: undefined, nextInMs };
  return { due: { kind: 'reminded', nth: count, escalated: escalated || before }, nextInMs };
}

/** Once enough have approved, what it waits for is not their word. */
function waitsForPeople(state: OperationState): boolean {
  const { phase } = state;
  if (phase.kind === 'asking') return true;
  if (phase.kind !== 'approval') return false;
  return approvalsGiven(state) < phase.demand.count;
}
