import type { OpId } from '../domain/ids.ts';
import type { Journal, OpRef } from '../jobs/journal/journal.ts';
import type { Entry } from '../jobs/model/event.ts';
import { foldEntries, foldEntry } from '../jobs/model/fold.ts';
import type { OperationState } from '../jobs/model/state.ts';
import { isSameEntry } from './same-entry.ts';
import { countWaiting } from './waiting-operations.ts';

/** Whole states are large, and reading a journal again is quick. */
const KEPT = 200;

export interface Operation {
  readonly ref: OpRef;
  readonly state: OperationState;
}

/** Operations as the journal has them now; what was read once is only read on from there. */
export interface Operations {
  get(op: OpId): Promise<Operation | undefined>;
  /** That have not ended. There may be thousands: only what is asked for is read. */
  open(): Promise<OpenOperations>;
}

export interface OpenOperations {
  readonly count: number;
  newest(limit: number): Promise<readonly Operation[]>;
  /** How many of them wait for an approval or an answer. */
  waiting(): Promise<number>;
}

interface Read extends Operation {
  readonly last: Entry;
}

export function readOperations(journal: Journal): Operations {
  const read = new Map<OpId, Read>();
  const waiting = countWaiting(journal);

  async function load(ref: OpRef): Promise<Operation | undefined> {
    const now = (await readOn(ref)) ?? (await readAll(ref));
    read.delete(ref.op);
    if (now === undefined) return undefined;
    read.set(ref.op, now);
    if (read.size > KEPT) forgetOldest(read);
    return now;
  }

  /** Nothing where it was not read before, or what was read is not there any more. */
  async function readOn(ref: OpRef): Promise<Read | undefined> {
    const before = read.get(ref.op);
    if (before === undefined) return undefined;
    const [same, ...more] = await journal.read(ref, before.last.seq);
    if (!isSameEntry(before.last, same)) return undefined;
    let state: OperationState | undefined = before.state;
    for (const entry of more) state = foldEntry(ref.op, state, entry);
    return state && { ref, state, last: more.at(-1) ?? before.last };
  }

  async function readAll(ref: OpRef): Promise<Read | undefined> {
    const entries = await journal.read(ref);
    const [state, last] = [foldEntries(ref.op, entries), entries.at(-1)];
    return state && last && { ref, state, last };
  }

  return {
    async get(op) {
      const before = read.get(op);
      const now = before && (await load(before.ref));
      if (now !== undefined) return now;
      const ref = await journal.find(op);
      return ref && load(ref);
    },
    async open() {
      return {
        count: await journal.countOpen(),
        waiting: async () => waiting(await journal.open()),
        async newest(limit) {
          const operations = await Promise.all((await journal.open(limit)).map(load));
          return operations.filter((operation) => operation !== undefined);
        },
      };
    },
  };
}

function forgetOldest(read: Map<OpId, Read>): void {
  const [oldest] = read.keys();
  if (oldest !== undefined) read.delete(oldest);
}
