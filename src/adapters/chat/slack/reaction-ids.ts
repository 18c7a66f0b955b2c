import * as z from 'zod';
import type { ChatMemory } from '../../chat-memory.ts';

/** A sign that somebody put under a message. */
export interface Given {
  /** The message's id. */
  readonly on: string;
  readonly user: string;
  /** As Slack calls the sign. */
  readonly name: string;
}

/**
 * What a reaction is called: the same whether its event came, or it was found standing there. Who takes one back and gives it
 * again gave another one.
 */
export interface ReactionIds {
  load(): Promise<void>;
  idOf(given: Given): string;
  /** Settles when the next one of them is known by another id, also to whoever talks after us. */
  takenBack(given: Given): Promise<void>;
}

const NAME = 'reactions taken back';
const REMEMBERED = 500;
const Counts = z.array(z.tuple([z.string(), z.int()]));

export function reactionIds(memory: ChatMemory): ReactionIds {
  let counts = new Map<string, number>();
  const nameOf = ({ on, user, name }: Given) => `${on} ${user} ${name}`;
  return {
    async load() {
      const kept = await memory.get(NAME);
      counts = new Map(kept === undefined ? [] : Counts.parse(JSON.parse(kept)));
    },
    idOf(given) {
      const count = counts.get(nameOf(given));
      return count === undefined ? nameOf(given) : `${nameOf(given)} ${count}`;
    },
    async takenBack(given) {
      const count = counts.get(nameOf(given)) ?? 0;
      counts.delete(nameOf(given));
      counts.set(nameOf(given), count + 1);
      const [oldest] = counts.keys();
      if (counts.size > REMEMBERED && oldest !== undefined) counts.delete(oldest);
      await memory.set(NAME, JSON.stringify([...counts]));
    },
  };
}
