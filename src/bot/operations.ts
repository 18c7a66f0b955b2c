import type { OpId } from '../domain/ids.ts';
import type { Journal, OpRef } from '../jobs/journal/journal.ts';
import { foldEntry } from '../jobs/model/fold.ts';
import type { OperationState } from '../jobs/model/state.ts';
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

export function readOperations(journal: Journal): Operations {
  const read = new Map<OpId, OperationState>();
  const waiting = countWaiting(journal);

  async function load(ref: OpRef): Promise<Operation | undefined> {
    let state = read.get(ref.op);
    for (const entry of await journal.read(ref, state?.seq ?? 0)) {
      state = foldEntry(ref.op, state, entry);
    }
    read.delete(ref.op);
    if (state === undefined) return undefined;
    read.set(ref.op, state);
    if (read.size > KEPT) forgetOldest(read);
    return { ref, state };
  }

  return {
    async get(op) {
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

function forgetOldest(read: Map<OpId, OperationState>): void {
  const [oldest] = read.keys();
  if (oldest !== undefined) read.delete(oldest);
}
