import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { memoryLedgers } from '../../../src/adapters/simulated/memory-ledgers.ts';
import { type EmbeddedStore, embeddedStore } from '../../../src/adapters/store/embedded-store.ts';
import { redisLedgers } from '../../../src/adapters/store/redis-ledgers.ts';
import { UserId } from '../../../src/domain/ids.ts';
import type { LedgerStore } from '../../../src/jobs/ledger/ledger-store.ts';
import { type LedgerOptions, readLedger } from '../../../src/jobs/ledger/read-ledger.ts';
import { writeLedger } from '../../../src/jobs/ledger/write-ledger.ts';
import { signerWith } from '../../../src/jobs/signing/signer.ts';
import { trustIn } from '../../../src/jobs/signing/trust.ts';

const ana = UserId.parse('ana');
const own = signerWith(generateKeyPairSync('ed25519').privateKey, 0);
const other = signerWith(generateKeyPairSync('ed25519').privateKey, 0);
const event = z.strictObject({ kind: z.literal('said'), what: z.string() });
const said = (what: string) => ({ by: ana, event: { kind: 'said' as const, what } });

let embedded: EmbeddedStore;
let corner = 0;
beforeAll(async () => {
  embedded = await embeddedStore();
});
afterAll(() => embedded.close());

function optionsFor(store: LedgerStore): LedgerOptions<z.infer<typeof event>> {
  return { name: 'glass', store, event, trust: trustIn([own.publicKey]) };
}

describe.each([
  ['in memory', () => memoryLedgers()],
  [
    'in Redis',
    () => redisLedgers(embedded.connection('commands'), { prefix: `test-${++corner}:` }),
  ],
])('a ledger %s', (_, make) => {
  it('is read as it was written, by whoever reads it', async () => {
    const options = optionsFor(make());
    const ledger = writeLedger({ ...options, signer: own, now: () => 7 });
    expect(await ledger.append(said('one'), await ledger.read())).toBe(true);
    const source = { network: 'irc', message: 'm1' };
    expect(await ledger.append({ ...said('two'), source }, await ledger.read())).toBe(true);
    const content = await readLedger(options).read();
    expect(content).toEqual(await ledger.read());
    expect(content).toMatchObject({ length: 2, refused: [] });
    expect(content.entries).toEqual([
      { seq: 0, at: 7, by: 'ana', event: { kind: 'said', what: 'one' } },
      { seq: 1, at: 7, by: 'ana', source, event: { kind: 'said', what: 'two' } },
    ]);
  });

  it('takes of two that were decided on the same content only one', async () => {
    const ledger = writeLedger({ ...optionsFor(make()), signer: own, now: () => 7 });
    const content = await ledger.read();
    expect(await ledger.append(said('first'), content)).toBe(true);
    expect(await ledger.append(said('second'), content)).toBe(false);
    expect((await ledger.read()).entries).toHaveLength(1);
  });

  it('counts nothing that no trusted key signed, that was changed, or that stands in another place', async () => {
    const store = make();
    const options = optionsFor(store);
    const ledger = writeLedger({ ...options, signer: own, now: () => 7 });
    const stranger = writeLedger({ ...options, signer: other, now: () => 7 });
    await ledger.append(said('one'), await ledger.read());
    const [first = ''] = await store.read('glass', 0);
    await stranger.append(said('forged'), await stranger.read());
    await store.append('glass', 2, first);
    await ledger.append(said('kept'), await ledger.read());
    const [, , , last = ''] = await store.read('glass', 0);
    await store.append('glass', 4, last.replace('"seq":3', '"seq":4').replace('kept', 'made'));
    await store.append('glass', 5, 'no JSON');
    const { entries, refused, length } = await readLedger(options).read();
    expect(length).toBe(6);
    expect(entries.map((entry) => entry.event.what)).toEqual(['one', 'kept']);
    expect(refused).toEqual([
      { seq: 1, because: expect.stringContaining('a key that is not trusted here') },
      { seq: 2, because: 'it does not follow what stands before it' },
      { seq: 4, because: 'it does not follow what stands before it' },
      { seq: 5, because: 'it cannot be read' },
    ]);
  });

  it('does not count for another ledger', async () => {
    const store = make();
    const ledger = writeLedger({ ...optionsFor(store), signer: own, now: () => 7 });
    await ledger.append(said('one'), await ledger.read());
    const [text = ''] = await store.read('glass', 0);
    await store.append('identity', 0, text);
    const moved = await readLedger({ ...optionsFor(store), name: 'identity' }).read();
    expect(moved.entries).toEqual([]);
    expect(moved.refused).toEqual([{ seq: 0, because: 'its signature is of something else' }]);
  });

  it('is asked for once each time, empty or not', async () => {
    const store = make();
    const asked: number[] = [];
    const counted: LedgerStore = {
      ...store,
      read(name, from) {
        asked.push(from);
        return store.read(name, from);
      },
    };
    const ledger = writeLedger({ ...optionsFor(counted), signer: own, now: () => 7 });
    await ledger.append(said('one'), await ledger.read());
    await ledger.read();
    await ledger.read();
    expect(asked).toEqual([0, 0, 0]);
  });

  it('that became shorter is read anew', async () => {
    let store = make();
    const options = optionsFor({
      read: (name, from) => store.read(name, from),
      append: (name, seq, text) => store.append(name, seq, text),
    });
    const ledger = writeLedger({ ...options, signer: own, now: () => 7 });
    await ledger.append(said('one'), await ledger.read());
    await ledger.append(said('two'), await ledger.read());
    expect((await ledger.read()).length).toBe(2);
    store = make();
    expect((await ledger.read()).length).toBe(0);
  });
});
