import type { OpId } from '../../domain/ids.ts';

/**
 * An operation as it stands, for a network that edits: one message, given a new text as the operation goes on. Its words
 * may come from hosts and people; whoever renders them makes them harmless.
 */
export interface Card {
  readonly op: OpId;
  /** What was typed, without the prefix. */
  readonly command: string;
  /** Who asked for it. */
  readonly by: string;
  readonly mood: Mood;
  /** How it stands in a few words: `needs 1 approval`, `4/8 reinstall`, `DONE in 12 min`. */
  readonly headline: string;
  /** Zone, what it takes, who approved. */
  readonly facts: readonly string[];
  readonly steps: readonly CardStep[];
  /** How long so far, and how much longer. */
  readonly time?: string;
  /** Commands that show more. */
  readonly see: readonly string[];
}

/** For colour and sign: nothing to do yet, going on, somebody has to answer, over and well, over and not well. */
export type Mood = 'waits' | 'runs' | 'asks' | 'done' | 'failed';

export interface CardStep {
  readonly title: string;
  readonly stands:
    | 'ahead'
    | 'runs'
    | 'unclear'
    /** It had begun, or was about to, and somebody has to say how it goes on. */
    | 'parked'
    | 'done'
    | 'failed'
    | 'skipped'
    | 'undoing'
    | 'undone';
  /** What it says of itself while it runs, how long it took afterwards. */
  readonly note?: string;
  /** After it there is no way back. */
  readonly noReturn?: true;
}
