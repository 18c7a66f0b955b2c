/** Each is a program of its own, with connections. */
const AT_ONCE = 4;
/** With those that wait for their turn. */
const MOST = 40;

/** Ends soon after its signal is aborted. What it throws is a bug. */
export type Look = (signal: AbortSignal) => Promise<void>;

/** What takes its time before there is a plan. It goes on beside the conversation: some at once, the others in turn. */
export interface Looks {
  /** How many more may be begun now. */
  room(): number;
  begin(look: Look): void;
  /** Settles when none is under way. */
  idle(): Promise<void>;
  /** Ends them all; those that wait are begun with their signal aborted, so that each can say what became of it. */
  stop(): Promise<void>;
}

export function createLooks(report: (problem: unknown) => void): Looks {
  const stopped = new AbortController();
  const waiting: Look[] = [];
  const underWay = new Set<Promise<void>>();

  function next(): void {
    if (underWay.size >= AT_ONCE) return;
    const look = waiting.shift();
    if (look === undefined) return;
    const done = look(stopped.signal)
      .catch(report)
      .then(() => {
        underWay.delete(done);
        next();
      });
    underWay.add(done);
  }

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  return {
    room: () => MOST - underWay.size - waiting.length,
    begin(look) {
      waiting.push(look);
      next();
    },
    idle,
    async stop() {
      stopped.abort();
      await idle();
    },
  };
}
