import { digestOfText, NOTHING_BEFORE } from '../journal/digest-of-text.ts';
import type { Signer } from '../signing/signer.ts';
import { createQuota } from './quota.ts';
import { type RefusalEntry, type Refused, StoredRefusal } from './refusal-entry.ts';
import type { RefusalStore } from './refusal-store.ts';

const MOST_TRIES = 20;

export interface WriteRefusalsOptions {
  readonly store: RefusalStore;
  readonly signer: Signer;
  /** Milliseconds since 1970, by the store's clock. */
  readonly now: () => number;
}

/** Settles when it is on record, or was one too many of its kind, which the next that is written says. */
export type WriteRefusal = (refused: Refused) => Promise<void>;

/** Signs each and chains it to the one before. Noise is counted, not written, so that it cannot push out the rest. */
export function writeRefusals({ store, signer, now }: WriteRefusalsOptions): WriteRefusal {
  const quota = createQuota(now);
  let unwritten = 0;
  return async (refused) => {
    const { network, account, shown } = refused;
    if (!quota(account === undefined ? `${network} nick ${shown}` : `${network} id ${account}`)) {
      unwritten += 1;
      return;
    }
    const missed = unwritten;
    for (let turn = 0; turn < MOST_TRIES; turn += 1) {
      const [last] = await store.newest(1);
      const entry = {
        ...following(last),
        at: now(),
        refused,
        ...(missed && { unwritten: missed }),
      };
      const signature = await signer.sign('refusal', entry);
      if (!(await store.append(last, JSON.stringify({ ...entry, signature })))) continue;
      unwritten -= missed;
      return;
    }
    throw new Error('a refusal could not be written down: others are always faster');
  };
}

/** Whoever wrote what stands last, what follows it is ours to sign. */
function following(last: string | undefined): Pick<RefusalEntry, 'v' | 'seq' | 'prev'> {
  if (last === undefined) return { v: 1, seq: 0, prev: NOTHING_BEFORE };
  return { v: 1, seq: seqOf(last) + 1, prev: digestOfText(last) };
}

function seqOf(text: string): number {
  try {
    return StoredRefusal.parse(JSON.parse(text)).seq;
  } catch {
    return 0;
  }
}
