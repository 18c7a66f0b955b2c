import type { Json } from '../../domain/json.ts';
import type { EventOf } from '../model/event.ts';
import type { Outcome, StepDef } from '../model/runbook.ts';
import type { Current } from '../model/state.ts';
import { GO_ON, type Next, park } from './next.ts';
import { currentOf, overdue } from './results.ts';
import type { Tenure } from './tenure.ts';

/** The longest that a poll backs off to. */
const SLOWEST_POLL_MS = 60_000;

/** A wait is given up by what was seen after its time: whoever comes late looks once more. */
export async function waitOn(
  tenure: Tenure,
  def: StepDef,
  { wake, memo, note }: Extract<Outcome<Json>, { kind: 'wait' }>,
): Promise<Next> {
  const current = currentOf(tenure.state);
  const { step, way } = current;
  if (isOverdue(tenure, current, def)) {
    await tenure.record(overdue(tenure.state, note));
    return GO_ON;
  }
  const said = current.note === note && sameJson(current.memo, memo) && !current.answer;
  if (!said) await tenure.record({ kind: 'waiting', step, way, wake, memo, note });
  return park(pollIn(tenure, wake));
}

function isOverdue({ engine }: Tenure, { waitingSince }: Current, { waitMs }: StepDef): boolean {
  const { now, timing } = engine;
  return waitingSince !== undefined && now() >= waitingSince + waitMs / timing.timeScale;
}

/** Polls back off: a tenth of what was waited already, at most a minute. */
function pollIn({ engine, state }: Tenure, wake: EventOf<'waiting'>['wake']): number {
  const { timeScale } = engine.timing;
  if ('on' in wake) return wake.atMostMs / timeScale;
  const since = state.current?.waitingSince ?? engine.now();
  const waited = (engine.now() - since) * timeScale;
  const nominal = Math.max(wake.afterMs, Math.min(waited / 10, SLOWEST_POLL_MS));
  return nominal / timeScale;
}

function sameJson(a: Json | undefined, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
