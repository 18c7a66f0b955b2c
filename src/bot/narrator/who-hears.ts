import type { JournalEvent } from '../../jobs/model/event.ts';
import type { OperationState } from '../../jobs/model/state.ts';
import { isForOthersToo } from './remind-in-words.ts';
import { endedWell } from './report.ts';
import type { Scene, Told } from './told.ts';

/** Who hears of an entry besides those who follow the operation. */
export function whoHears(
  event: JournalEvent,
  scene: Scene,
): Pick<Told, 'escalated' | 'forApprovers' | 'loud'> {
  return {
    ...(isForOthersToo(event, scene) && { escalated: true }),
    ...(isForApprovers(event, scene.before) && { forApprovers: true }),
    ...(isLoud(event) && { loud: true }),
  };
}

const SETTLES_APPROVALS: ReadonlySet<string> = new Set([
  'approved',
  'withdrawn',
  'denied',
  'reminded',
  'ended',
]);

function isForApprovers(event: JournalEvent, before: OperationState | undefined): boolean {
  if (event.kind === 'requested') return event.demand !== undefined;
  if (event.kind === 'approval-asked') return true;
  return before?.phase.kind === 'approval' && SETTLES_APPROVALS.has(event.kind);
}

const LOUD: ReadonlySet<string> = new Set([
  'approved',
  'withdrawn',
  'denied',
  'answered',
  'taken-over',
  'failures-counted',
  'report-undelivered',
]);

function isLoud(event: JournalEvent): boolean {
  return event.kind === 'ended' ? !endedWell(event.outcome) : LOUD.has(event.kind);
}
