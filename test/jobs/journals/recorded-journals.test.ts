import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readChain } from '../../../src/adapters/store/chain.ts';
import { entryMemory } from '../../../src/adapters/store/entry-memory.ts';
import { newOpId } from '../../../src/domain/ids.ts';
import { digestOfText } from '../../../src/jobs/journal/digest-of-text.ts';
import { Entry, type JournalEvent, knownEvent } from '../../../src/jobs/model/event.ts';
import { foldEntries } from '../../../src/jobs/model/fold.ts';
import { createFleetWorld } from '../runbooks/fleet-world.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/journals');
const recorded = readdirSync(FOLDER).map((file) => {
  const texts = readFileSync(join(FOLDER, file), 'utf8').trimEnd().split('\n');
  return { name: file.replace('.jsonl', ''), texts };
});

/** How each ended when it was recorded. */
const OUTCOMES: Readonly<Record<string, string>> = {
  'metal-succeeded': 'succeeded',
  'virtual-succeeded': 'succeeded',
  'failed-then-retried': 'succeeded',
  'cancelled-while-draining': 'cancelled',
  'worker-lost-while-firing': 'succeeded',
  'held-and-given-up': 'abandoned',
};

function entriesOf(texts: readonly string[]): readonly Entry[] {
  return texts.map((text) => Entry.parse(JSON.parse(text)));
}

describe.each(recorded)('the journal $name of an older version', ({ name, texts }) => {
  const entries = entriesOf(texts);
  const op = newOpId(4);

  it('is whole: each entry follows the one before it, word by word', () => {
    const head = { seq: texts.length, digest: digestOfText(texts.at(-1) ?? '') };
    const ref = { op, zone: 'staging' as never };
    const read = readChain(ref, { from: 0, before: undefined, texts, head }, entryMemory());
    expect(read.map((entry) => JSON.stringify(entry))).toEqual(texts);
  });

  it('has no event that today does not know', () => {
    expect(entries.filter((entry) => knownEvent(entry) === undefined)).toEqual([]);
  });

  it('comes to the end that it had', () => {
    expect(foldEntries(op, entries)?.phase).toMatchObject({
      kind: 'ended',
      outcome: OUTCOMES[name],
    });
  });

  it('goes on from every second entry to an end or to a question', async () => {
    for (let upTo = 1; upTo < entries.length; upTo += 2) {
      const phase = await resumed(entries.slice(0, upTo));
      expect(phase, `after entry ${upTo - 1}`).toMatch(/^(?:ended|asking|held)$/);
    }
  }, 60_000);
});

/** A new installation takes the entries in and goes on; what kind of phase it comes to. */
async function resumed(entries: readonly Entry[]): Promise<string | undefined> {
  const world = createFleetWorld();
  const ref = { op: newOpId(8), zone: 'staging' as never };
  for (const [seq, { event, by }] of entries.entries()) {
    await world.engine.journal.append(ref, { events: [event as JournalEvent], by, seq });
  }
  return (await world.run(ref)).phase.kind;
}
