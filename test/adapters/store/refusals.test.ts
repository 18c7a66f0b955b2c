import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryRefusals } from '../../../src/adapters/simulated/memory-refusals.ts';
import { type EmbeddedStore, embeddedStore } from '../../../src/adapters/store/embedded-store.ts';
import { redisRefusals } from '../../../src/adapters/store/redis-refusals.ts';
import { readRefusals } from '../../../src/jobs/refusals/read-refusals.ts';
import { writeRefusals } from '../../../src/jobs/refusals/write-refusals.ts';
import { signerWith } from '../../../src/jobs/signing/signer.ts';
import { trustIn } from '../../../src/jobs/signing/trust.ts';

const signer = signerWith(generateKeyPairSync('ed25519').privateKey, 0);
const trust = trustIn([signer.publicKey]);
const refused = (typed: string, account = 'kim') => ({
  network: 'irc',
  channel: '#ops',
  message: 'm1',
  account,
  shown: account,
  typed,
  because: 'no rule grants it',
});

let embedded: EmbeddedStore;
let corner = 0;
beforeAll(async () => {
  embedded = await embeddedStore();
});
afterAll(() => embedded.close());

describe.each([
  ['in memory', (kept: number) => memoryRefusals(kept)],
  [
    'in Redis',
    (kept: number) =>
      redisRefusals(embedded.connection('commands'), { prefix: `test-${++corner}:`, kept }),
  ],
])('refusals %s', (_, make) => {
  it('are read as they were written, the oldest first', async () => {
    const store = make(10);
    const write = writeRefusals({ store, signer, now: () => 7 });
    await write(refused('one'));
    await write(refused('two'));
    const { entries, problems } = await readRefusals(store, trust, 10);
    expect(entries.map((entry) => [entry.seq, entry.refused.typed])).toEqual([
      [0, 'one'],
      [1, 'two'],
    ]);
    expect(problems).toEqual([]);
    expect((await readRefusals(store, trust, 1)).entries).toHaveLength(1);
  });

  it('are written one after the other, also by two bots at once', async () => {
    const store = make(10);
    const bots = [7, 8].map((at) => writeRefusals({ store, signer, now: () => at }));
    await Promise.all(bots.flatMap((write) => [write(refused('a')), write(refused('b'))]));
    const { entries, problems } = await readRefusals(store, trust, 10);
    expect(entries.map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
    expect(problems).toEqual([]);
  });

  it('are bounded, and what is left still fits', async () => {
    const store = make(3);
    const write = writeRefusals({ store, signer, now: () => 7 });
    for (const typed of ['a', 'b', 'c', 'd', 'e']) await write(refused(typed));
    const { entries, problems } = await readRefusals(store, trust, 10);
    expect(entries.map((entry) => entry.refused.typed)).toEqual(['c', 'd', 'e']);
    expect(problems).toEqual([]);
  });

  it('of one sender are limited, those of others are not, and the rest is counted', async () => {
    const store = make(100);
    let at = 0;
    const write = writeRefusals({ store, signer, now: () => at });
    for (let nth = 0; nth < 50; nth += 1) await write(refused('noise', 'spammer'));
    await write(refused('real'));
    at = 10 * 60_000;
    await write(refused('later', 'spammer'));
    const { entries } = await readRefusals(store, trust, 100);
    expect(entries).toHaveLength(22);
    expect(entries.at(-2)).toMatchObject({ refused: { typed: 'real' }, unwritten: 30 });
    expect(entries.at(-1)?.unwritten).toBeUndefined();
  });

  it('that somebody edited, took out or signed with another key are found', async () => {
    const store = make(10);
    const write = writeRefusals({ store, signer, now: () => 7 });
    for (const typed of ['a', 'b', 'c']) await write(refused(typed));
    const [first = '', second = '', third = ''] = await store.newest(3);
    const as = (texts: readonly string[]) =>
      readRefusals({ newest: async () => texts }, trust, 10).then(({ problems }) => problems);
    expect(await as([first, second.replace('"b"', '"x"'), third])).toHaveLength(2);
    expect(await as([first, third])).toEqual([
      'entry 2 of the refusals: it does not follow what stands before it',
    ]);
    expect(await as([first, 'nonsense'])).toEqual([
      'an entry of the refusals cannot be read: nonsense',
    ]);
    const others = trustIn([signerWith(generateKeyPairSync('ed25519').privateKey, 0).publicKey]);
    expect((await readRefusals(store, others, 10)).entries).toEqual([]);
  });
});
