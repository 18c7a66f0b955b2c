import { describe, expect, it } from 'vitest';
import { link, NO_ENTRIES, readChain } from '../../../src/adapters/store/chain.ts';
import { entryMemory } from '../../../src/adapters/store/entry-memory.ts';
import { approved, noted, OP } from '../../journal-conformance.ts';

const first = link(NO_ENTRIES, 1, { events: [approved], by: 'engine' });
const second = link(first.head, 2, { events: [noted], by: 'engine' });

describe('the chain of entries', () => {
  it('is read from its beginning, and from any entry on', () => {
    const texts = [...first.texts, ...second.texts];
    const whole = { from: 0, before: undefined, texts, head: second.head };
    expect(readChain(OP, whole, entryMemory()).map(({ seq }) => seq)).toEqual([0, 1]);
    const part = { from: 1, before: first.texts[0], texts: second.texts, head: second.head };
    expect(readChain(OP, part, entryMemory()).map(({ seq }) => seq)).toEqual([1]);
  });

  it('ends where its head says, even if somebody added an entry that fits', () => {
    const texts = [...first.texts, ...second.texts];
    const added = { from: 0, before: undefined, texts, head: first.head };
    expect(() => readChain(OP, added, entryMemory())).toThrow(
      'The journal of op-7k2m cannot be trusted at entry 1: nobody appended it',
    );
  });

  it('is not parsed again where its texts are known, and is proven all the same', () => {
    const known = entryMemory();
    const texts = [...first.texts, ...second.texts];
    const whole = { from: 0, before: undefined, texts, head: second.head };
    const [one, two] = readChain(OP, whole, known);
    const again = readChain(OP, whole, known);
    expect(again[0]).toBe(one);
    expect(again[1]).toBe(two);
    const turned = { ...whole, texts: texts.toReversed() };
    expect(() => readChain(OP, turned, known)).toThrow('entry 1 is in its place');
    const edited = { ...whole, texts: texts.map((text) => text.replace('"seq":1', '"seq": 1')) };
    expect(() => readChain(OP, edited, known)).toThrow('it was changed');
  });

  it('has the digest of the entry before in each', () => {
    expect(second.entries[0]?.prev).toBe(first.head.digest);
    expect(first.entries[0]?.prev).toBe(NO_ENTRIES.digest);
  });
});
