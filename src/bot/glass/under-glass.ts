import type { Person } from '../../domain/inventory.ts';
import type { JournalEvent } from '../../jobs/model/event.ts';
import { glassOf } from '../../policies/break-glass.ts';

/** What people do; the engine's own entries follow from it. */
const DEEDS: ReadonlySet<JournalEvent['kind']> = new Set([
  'requested',
  'approved',
  'denied',
  'withdrawn',
  'answered',
  'cancel-requested',
  'hold-requested',
  'takeover-asked',
  'taken-over',
  'ended',
]);

/** What somebody does under break-glass says so on the record. */
export function underGlass<Event extends JournalEvent>(event: Event, person: Person): Event {
  const glass = glassOf(person);
  return glass !== undefined && DEEDS.has(event.kind) ? { ...event, glass } : event;
}

/** `BREAK-GLASS emergency`, beside what somebody did. */
export function underGlassInWords(event: JournalEvent): string | undefined {
  const glass = 'glass' in event ? event.glass : undefined;
  return glass && `BREAK-GLASS ${glass}`;
}
