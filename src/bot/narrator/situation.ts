import type { OpId } from '../../domain/ids.ts';

/**
 * What there is to say about an operation, before a network gives it a form: lines, or a card. Its words may come from
 * hosts and people; whoever renders them makes them harmless.
 */
export interface Situation {
  readonly op: OpId;
  /** Who asked for it: named first, so that their client tells them. */
  readonly to?: string;
  /** The step that it is about. */
  readonly place?: Place;
  /** In capitals, for eyes that skim: `FAILED`, `DONE in 12 min`. */
  readonly headline?: string;
  /** What happened, and on what. */
  readonly what: string;
  /** What belongs beside it, what people need first before the rest. */
  readonly facts?: readonly string[];
  /** How long so far, and how much longer. */
  readonly time?: string;
  /** For whoever looks back: who did it, how long it took. */
  readonly summary?: readonly (string | undefined)[];
  /** What can be left out where there is no room, a line each. */
  readonly details?: readonly string[];
  readonly question?: Question;
}

/** Step `number` of `of`, from 1. */
export interface Place {
  readonly number: number;
  readonly of: number;
}

/** What somebody may do about it now. */
export interface Question {
  /** What to know before answering, e.g. from where on there is no way back. */
  readonly warning?: string;
  /** What it takes, e.g. `needs 1 approval from sysadmin-builders`. */
  readonly needs?: string;
  readonly options: readonly Option[];
  /** Whoever may answer, where not everybody may who may run it; any of them. */
  readonly whose: readonly string[];
  /** Commands that show more. */
  readonly see: readonly string[];
  /** What happens when nobody answers, and when. */
  readonly otherwise?: string;
}

export interface Option {
  /** What is typed, whole. */
  readonly typed: string;
  /** What is pressed instead. */
  readonly emoji: string;
}
