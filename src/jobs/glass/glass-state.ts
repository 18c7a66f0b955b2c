import type { UserId } from '../../domain/ids.ts';
import { type BreakGlass, CONFIRM_WITHIN_MS, type GlassState } from '../../policies/break-glass.ts';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import type { GlassEvent } from './glass-event.ts';

const CLOSED: GlassState = { kind: 'closed' };

/**
 * What the record says of a break-glass as it is configured now. Whoever is no holder any more has neither asked nor
 * opened, and an end that the configuration brought nearer holds.
 */
export function glassState(
  entries: readonly LedgerEntry<GlassEvent>[],
  glass: BreakGlass,
  now: number,
): GlassState {
  const own = entries.filter(({ event }) => event.rule === glass.name);
  const last = own.findLast(({ event }) => event.kind !== 'used');
  if (last === undefined || last.by === 'engine') return CLOSED;
  const { event, at, by } = last;
  const isHolder = (id: UserId) => glass.holders.some((holder) => holder.id === id);
  switch (event.kind) {
    case 'asked': {
      const counts = isHolder(by) && now < at + CONFIRM_WITHIN_MS;
      return counts ? { kind: 'asked', by, because: event.because, at } : CLOSED;
    }
    case 'opened': {
      const people = [event.with, by];
      const until = Math.min(event.until, at + glass.lastsMs);
      const counts = new Set(people).size === 2 && people.every(isHolder) && now < until;
      return counts ? { kind: 'open', by: people, because: event.because, until } : CLOSED;
    }
    case 'used':
    case 'closed':
      return CLOSED;
    default:
      return event satisfies never;
  }
}

/** It was opened, and nobody wrote down yet that it is over. */
export function isLeftOpen(entries: readonly LedgerEntry<GlassEvent>[]): string | undefined {
  const last = entries.findLast(({ event }) => event.kind !== 'used');
  return last?.event.kind === 'opened' ? last.event.rule : undefined;
}
