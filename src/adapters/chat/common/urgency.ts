import type { Outgoing } from '../../../bot/chat-network.ts';

/** After so long an answer waits no longer behind what happens, and neither does progress. */
const ANSWER_PATIENCE_MS = 15_000;
const PROGRESS_PATIENCE_MS = 30_000;

interface Weighed {
  readonly message: Pick<Outgoing, 'as'>;
  /** Goes before everything else. */
  readonly isFirst: boolean;
  /** The order in which they came. */
  readonly seq: number;
  /** Milliseconds of a clock that only goes forwards. */
  readonly since: number;
}

/** Questions to people go before what happened, that before answers, and progress comes last; of equals the oldest. */
export function mostUrgent<T extends Weighed>(entries: readonly T[], now: number): T | undefined {
  return entries.toSorted((a, b) => rank(a, now) - rank(b, now) || a.seq - b.seq)[0];
}

function rank({ message, isFirst, since }: Weighed, now: number): number {
  if (isFirst) return 0;
  const waited = now - since;
  switch (message.as) {
    case 'prompt':
      return 1;
    case 'card':
    case 'notice':
      return 2;
    case 'reply':
      return waited > ANSWER_PATIENCE_MS ? 2 : 3;
    case 'progress':
      return waited > PROGRESS_PATIENCE_MS ? 2 : 4;
    default:
      return message.as satisfies never;
  }
}
