import type { ChatMemory } from '../chat-memory.ts';

/** What a network remembers as long as the process lives. */
export function memoryChatMemory(): ChatMemory {
  const values = new Map<string, string>();
  const known = new Set<string>();
  const waiting = new Map<string, string>();
  return {
    get: async (name) => values.get(name),
    async set(name, value) {
      values.set(name, value);
    },
    async takeIn(id, text) {
      if (known.has(id)) return false;
      known.add(id);
      waiting.set(id, text);
      return true;
    },
    waiting: async () => [...waiting].map(([id, text]) => ({ id, text })),
    acceptedAt: async () => 0,
    async dealtWith(id) {
      waiting.delete(id);
    },
  };
}
