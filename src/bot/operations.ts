import type { OpId } from '../domain/ids.ts';
import type { Journal, OpRef } from '../jobs/journal/journal.ts';
import { foldEntry, type OperationState } from '../jobs/model/state.ts';

const KEPT = 2_000;

export interface Operation {
  readonly ref: OpRef;
  readonly state: OperationState;
}

/** Operations as the journal has them now; what was read once is only read on from there. */
export interface Operations {
  get(op: OpId): Promise<Operation | undefined>;
  /** That have not ended, newest first. */
  open(): Promise<readonly Operation[]>;
}

export function readOperations(journal: Journal): Operations {
  const read = new Map<OpId, OperationState>();

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
      const operations = await Promise.all((await journal.open()).map(load));
      return operations.filter((operation) => operation !== undefined);
    },
  };
}

function forgetOldest(read: Map<OpId, OperationState>): void {
  const [oldest] = read.keys();
  if (oldest !== undefined) read.delete(oldest);
}
