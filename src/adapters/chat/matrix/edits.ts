import { setTimeout as delay } from 'node:timers/promises';

/** One message is edited at most so often. */
const PACE_MS = 1_000;

type Edited = 'stands' | 'gone';

export interface Edits<Text> {
  /** Settles when this text stands there, or a newer one, or the message is gone. */
  write(message: string, text: Text): Promise<Edited>;
}

interface Pending<Text> {
  text: Text;
  readonly written: PromiseWithResolvers<Edited>;
}

/** Gives a message its newest text, and leaves out those that were superseded before they were written. */
export function createEdits<Text>(
  edit: (message: string, text: Text) => Promise<Edited>,
  paceMs = PACE_MS,
): Edits<Text> {
  const pending = new Map<string, Pending<Text>>();
  const busy = new Set<string>();

  async function work(message: string): Promise<void> {
    for (let next = pending.get(message); next !== undefined; next = pending.get(message)) {
      pending.delete(message);
      await edit(message, next.text).then(next.written.resolve, next.written.reject);
      await delay(paceMs, undefined, { ref: false });
    }
    busy.delete(message);
  }

  return {
    write(message, text) {
      const waiting = pending.get(message);
      if (waiting !== undefined) {
        waiting.text = text;
        return waiting.written.promise;
      }
      const written = Promise.withResolvers<Edited>();
      pending.set(message, { text, written });
      if (!busy.has(message)) {
        busy.add(message);
        void work(message);
      }
      return written.promise;
    },
  };
}
