import { describe, expect, it } from 'vitest';
import { memoryJournal } from '../../src/adapters/simulated/memory-journal.ts';
import { readOperations } from '../../src/bot/operations.ts';
import type { OpId } from '../../src/domain/ids.ts';
import { add, create, noted, OP } from '../journal-conformance.ts';

/** A journal that also counts how often somebody asked where an operation is. */
function countingJournal() {
  const journal = memoryJournal();
  let finds = 0;
  const find = (op: OpId) => {
    finds += 1;
    return journal.find(op);
  };
  return { journal: { ...journal, find }, finds: () => finds };
}

describe('the operations of a bot', () => {
  it('are as the journal has them now, and looked for where they were', async () => {
    const { journal, finds } = countingJournal();
    const operations = readOperations(journal);
    await create(journal, OP);
    expect((await operations.get(OP.op))?.state.seq).toBe(1);
    await add(journal, OP, [noted]);
    expect((await operations.get(OP.op))?.state.seq).toBe(2);
    expect(finds()).toBe(1);
  });

  it('are not there before they are requested, and are looked for each time', async () => {
    const { journal } = countingJournal();
    const operations = readOperations(journal);
    expect(await operations.get(OP.op)).toBeUndefined();
    await create(journal, OP);
    expect(await operations.get(OP.op)).toMatchObject({ ref: OP });
  });
});
