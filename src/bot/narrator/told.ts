import type { OpId, StepId } from '../../domain/ids.ts';
import type { Entry } from '../../jobs/model/event.ts';
import type { OperationState } from '../../jobs/model/state.ts';
import type { Outgoing } from '../chat-network.ts';
import type { PlanEstimate } from '../estimates/estimates.ts';
import { placeOf } from './in-words.ts';
import type { Situation } from './situation.ts';

/** What is said about one entry, before it is addressed to a channel. */
export type Told = Pick<Outgoing, 'key' | 'as' | 'reactions'> & {
  readonly situation: Situation;
  /** Also where people hear of what nobody answers. */
  readonly escalated?: boolean;
  /** Also where people hear of what waits for approval. */
  readonly forApprovers?: boolean;
  /** Where an operation has a card, that says it. */
  readonly inCard?: boolean;
  /** In the channel itself where the rest is told in a thread: it settles what was asked there, or is not to be missed. */
  readonly loud?: boolean;
};

export interface TellFacts {
  /** What commands begin with. */
  readonly prefix: string;
  /** How many nominal milliseconds pass in one real one; 1 outside the lab. */
  readonly timeScale: number;
}

export interface TellFactsOfOne extends TellFacts {
  /** How long its steps are likely to take. */
  readonly estimate: PlanEstimate;
}

/** An entry, with what the journal said before and after it. */
export interface Scene extends TellFactsOfOne {
  readonly before: OperationState | undefined;
  readonly after: OperationState;
  readonly entry: Entry;
}

export function told({ after, entry }: Scene, as: Told['as'], situation: Situation): Told {
  return { key: entryKey(after.op, entry), as, situation };
}

/** By its time as well: a store that went backwards has other entries at the places of what a network remembers. */
function entryKey(op: OpId, { seq, at }: Entry): string {
  return seq === 0 ? `${op} entry 0` : `${op} entry ${seq} of ${at}`;
}

export function notice(scene: Scene, what: string): Told {
  return told(scene, 'notice', { op: scene.after.op, what });
}

export function progress(scene: Scene, what: string, step?: StepId): Told {
  const place = step && { place: placeOf(scene.after, step) };
  return told(scene, 'progress', { op: scene.after.op, ...place, what });
}
