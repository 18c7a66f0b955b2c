import type { ChatMemory } from '../../../../src/adapters/chat-memory.ts';
import { memoryChatMemory } from '../../../../src/adapters/simulated/memory-chat-memory.ts';

/** A memory that can take nothing in before its store comes back. */
export function awayMemory() {
  const whole = memoryChatMemory();
  let isAway = true;
  const takeIn: ChatMemory['takeIn'] = async (id, text) => {
    if (isAway) throw new Error('the store is away');
    return whole.takeIn(id, text);
  };
  const memory: ChatMemory = { ...whole, takeIn };
  return {
    memory,
    comesBack() {
      isAway = false;
    },
  };
}
