import type { OpId } from '../domain/ids.ts';
import { type Entry, type EventOf, type JournalEvent, knownEvent } from '../jobs/model/event.ts';
import { underGlassInWords } from './glass/under-glass.ts';
import { joined, withReason } from './narrator/in-words.ts';

/** `2026-11-18 14:05 ben approved op-7k2m reimage builder-07`; undefined for what people do not do themselves. */
export function deedInWords(
  op: OpId,
  { command }: EventOf<'requested'>,
  entry: Entry,
): string | undefined {
  const event = knownEvent(entry);
  const deed = event && deedOf(event, `${op} ${command}`);
  const minute = new Date(entry.at).toISOString().slice(0, 16).replace('T', ' ');
  const under = event && underGlassInWords(event);
  return deed && joined([`${minute} ${entry.by} ${deed}`, under]);
}

function deedOf(event: JournalEvent, what: string): string | undefined {
  switch (event.kind) {
    case 'requested':
      return event.parent ? undefined : `asked for ${what}`;
    case 'approved':
      return `${event.own ? 'SELF-APPROVED' : 'approved'} ${
        'step' in event.subject ? `step ${event.subject.step} of ` : ''
      }${what}`;
    case 'withdrawn':
      return `took an approval back of ${what}`;
    case 'denied':
      return withReason(`denied ${what}`, event.because);
    case 'answered':
      return `answered ${event.word} to ${what}`;
    case 'cancel-requested':
      return withReason(`cancelled ${what}`, event.because);
    case 'hold-requested':
      return withReason(`held ${what}`, event.because);
    case 'takeover-asked':
      return withReason(`asked to take over ${what}`, event.because);
    case 'taken-over':
      return withReason(`took over ${what}`, event.because);
    default:
      return undefined;
  }
}
