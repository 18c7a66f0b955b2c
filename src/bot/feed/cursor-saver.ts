export interface CursorSaver {
  /** Soon; of those that come while one is being saved, the newest. */
  save(cursor: string): void;
  /** Aborted when one could not be saved. Nothing is saved after that. */
  readonly failed: AbortSignal;
  /** Ends when all is saved; throws what went wrong. */
  settled(): Promise<void>;
}

/** Saves where a reader got to, while that goes on: each write waits for a disk. */
export function cursorSaver(save: (cursor: string) => Promise<void>): CursorSaver {
  const failed = new AbortController();
  let newest: string | undefined;
  let saving: Promise<void> | undefined;

  async function saveAll(): Promise<void> {
    try {
      for (; newest !== undefined && !failed.signal.aborted; ) {
        const cursor = newest;
        newest = undefined;
        await save(cursor);
      }
    } catch (problem) {
      failed.abort(problem);
    } finally {
      saving = undefined;
    }
  }

  return {
    failed: failed.signal,
    save(cursor) {
      newest = cursor;
      saving ??= saveAll();
    },
    async settled() {
      await saving;
      failed.signal.throwIfAborted();
    },
  };
}
