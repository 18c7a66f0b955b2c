import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Scene, told } from '../../src/bot/narrator/told.ts';
import { readOperations } from '../../src/bot/operations.ts';
import { countWaiting } from '../../src/bot/waiting-operations.ts';
import { OpId, ZoneName } from '../../src/domain/ids.ts';
import type { Journal } from '../../src/jobs/journal/journal.ts';
import { Entry } from '../../src/jobs/model/event.ts';
import { foldEntries } from '../../src/jobs/model/fold.ts';
import type { OperationState } from '../../src/jobs/model/state.ts';
import { partly } from '../partly.ts';

const FILE = join(import.meta.dirname, '../fixtures/journals/held-and-given-up.jsonl');
const before = readFileSync(FILE, 'utf8')
  .trimEnd()
  .split('\n')
  .map((text) => Entry.parse(JSON.parse(text)));
const ref = { op: OpId.parse('op-7k2m'), zone: ZoneName.parse('staging') };
const prompted = before.findIndex(({ event }) => event.kind === 'asked');
const asked = before.findIndex(({ event }) => event.kind === 'step-started');

/** A store that had everything, went back to the beginning, and goes on with something else. */
function storeThatGoesBack() {
  let entries: readonly Entry[] = before;
  const journal = partly<Journal>({
    find: async () => ref,
    open: async () => [ref],
    read: async (_ref: unknown, from = 0) => entries.slice(from),
    lengths: async () => [entries.length],
  });
  return {
    journal,
    goBack: () => {
      entries = before.slice(0, asked);
    },
    goBackToPrompt: () => {
      entries = before.slice(0, prompted + 1);
    },
    goOn: () => {
      const at = (before[asked]?.at ?? 0) + 60_000;
      const event = { kind: 'ended', outcome: 'refused', because: 'it went backwards' } as const;
      const last = before[asked] as Entry;
      entries = [...before.slice(0, asked), { ...last, at, event }];
    },
  };
}

describe('what a bot has read of a journal', () => {
  it('counts for nothing when the store has less of it', async () => {
    const { journal, goBack, goOn } = storeThatGoesBack();
    const operations = readOperations(journal);
    const kindNow = async () => (await operations.get(ref.op))?.state.phase;
    expect(await kindNow()).toMatchObject({ kind: 'ended', outcome: 'abandoned' });
    goBack();
    expect(await kindNow()).toMatchObject({ kind: 'running' });
    goOn();
    expect(await kindNow()).toMatchObject({ kind: 'ended', outcome: 'refused' });
  });

  it('says no more who waits for whom', async () => {
    const { journal, goBackToPrompt } = storeThatGoesBack();
    const waiting = countWaiting(journal);
    expect(await waiting([ref])).toBe(0);
    goBackToPrompt();
    expect(await waiting([ref])).toBe(1);
  });
});

describe('what is said of an entry', () => {
  const keyOf = (entry: Entry) => {
    const after = foldEntries(ref.op, before.slice(0, asked + 1)) as OperationState;
    return told(partly<Scene>({ after, entry }), 'notice', { op: ref.op, what: 'held' }).key;
  };

  it('has another name where another history has another entry there, or networks would not say it', () => {
    const entry = before[asked] as Entry;
    expect(keyOf({ ...entry, at: entry.at + 60_000 })).not.toBe(keyOf(entry));
    expect(keyOf({ ...entry })).toBe(keyOf(entry));
  });
});
