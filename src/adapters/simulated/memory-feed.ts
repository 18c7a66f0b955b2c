import type { FeedItem } from '../../jobs/journal/journal.ts';

/** The feed of an installation: a list, and readers who wait at its end. */
export function memoryFeed() {
  const items: FeedItem[] = [];
  const waiting = new Set<() => void>();

  function more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  return {
    add(item: Omit<FeedItem, 'cursor'>): void {
      items.push({ ...item, cursor: String(items.length + 1) });
      for (const wake of [...waiting]) wake();
    },
    end: () => String(items.length),
    async *from(cursor: string, signal: AbortSignal): AsyncGenerator<FeedItem> {
      for (let next = Number(cursor); !signal.aborted; ) {
        const item = items[next];
        if (item === undefined) {
          await more(signal);
        } else {
          next += 1;
          yield item;
        }
      }
    },
  };
}
