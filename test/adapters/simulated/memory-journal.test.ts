import { describe } from 'vitest';
import { memoryJournal } from '../../../src/adapters/simulated/memory-journal.ts';
import { digestOfText } from '../../../src/jobs/journal/digest-of-text.ts';
import { type JournalUnderTest, journalConformance } from '../../journal-conformance.ts';

describe('the journal in memory', () => {
  journalConformance(async (): Promise<JournalUnderTest> => {
    let clock = 1_790_000_000_000;
    const journal = memoryJournal({ now: () => clock });
    return {
      journal,
      other: journal,
      async pass(ms) {
        clock += ms;
      },
      async tamper({ op }, seq, change) {
        const texts = journal.stored(op)?.texts ?? [];
        const changed = change(texts[seq] ?? '');
        if (changed === undefined) texts.splice(seq);
        else texts[seq] = changed;
      },
      async rewriteLast({ op }, change) {
        const stored = journal.stored(op);
        if (stored === undefined) return;
        const text = change(stored.texts.pop() ?? '');
        stored.texts.push(text);
        stored.head = { ...stored.head, digest: digestOfText(text) };
      },
      async close() {},
    };
  });
});
