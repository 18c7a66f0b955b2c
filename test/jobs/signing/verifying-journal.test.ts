import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { memoryJournal } from '../../../src/adapters/simulated/memory-journal.ts';
import { OpId, UserId, ZoneName } from '../../../src/domain/ids.ts';
import type { Entry, JournalEvent } from '../../../src/jobs/model/event.ts';
import { signedContent } from '../../../src/jobs/signing/signed-entry.ts';
import { type Signer, signerWith } from '../../../src/jobs/signing/signer.ts';
import { trustIn } from '../../../src/jobs/signing/trust.ts';
import { unvouched, verifyingJournal } from '../../../src/jobs/signing/verifying-journal.ts';

const REF = { op: OpId.parse('op-7k2m'), zone: ZoneName.parse('staging') };
const SINCE = Date.UTC(2026, 10, 18);
const CHANGED = 'its signature is of something else';
const bot = newSigner(0);
const trust = trustIn([bot.publicKey]);

function newSigner(since: number): Signer {
  return signerWith(generateKeyPairSync('ed25519').privateKey, since);
}

const held: JournalEvent = { kind: 'hold-requested', because: 'lunch' };
const entry: Entry = {
  v: 1,
  seq: 3,
  at: SINCE + 1,
  by: UserId.parse('ana'),
  prev: '',
  source: { network: 'irc', message: 'm1' },
  event: held,
};

async function signedBy(signer: Signer, what: Entry = entry): Promise<Entry> {
  const signed = await signer.sign('entry', signedContent(REF, what, 5));
  return { ...what, signature: { at: 5, ...signed } };
}

describe('an entry that a trusted bot signed', () => {
  it('counts, whatever the store made of its time and of the entry before it', async () => {
    const signed = await signedBy(bot);
    expect(await unvouched(trust, REF, { ...signed, at: 9, prev: 'x' })).toBeUndefined();
  });

  it.each<[string, Partial<Entry>]>([
    ['stands in another place of its journal', { seq: 4 }],
    ['is said to be of somebody else', { by: UserId.parse('ben') }],
    ['came with another message', { source: { network: 'irc', message: 'm2' } }],
    ['says something else', { event: { ...held, because: 'dinner' } }],
  ])('does not when it %s, also after the right one was read', async (_what, change) => {
    const signed = await signedBy(bot);
    expect(await unvouched(trust, REF, signed)).toBeUndefined();
    expect(await unvouched(trust, REF, { ...signed, ...change })).toBe(CHANGED);
  });

  it.each([
    ['operation', { ...REF, op: OpId.parse('op-2222') }],
    ['zone', { ...REF, zone: ZoneName.parse('production') }],
  ])('does not in another %s', async (_what, ref) => {
    expect(await unvouched(trust, ref, await signedBy(bot))).toBe(CHANGED);
  });

  it('does not when what was signed was no entry', async () => {
    const signed = await bot.sign('anchor', signedContent(REF, entry, 5));
    expect(await unvouched(trust, REF, { ...entry, signature: { at: 5, ...signed } })).toBe(
      CHANGED,
    );
  });

  it('counts as long as its key is trusted, also when a newer one signs', async () => {
    const newer = newSigner(0);
    const signed = await signedBy(bot);
    const both = trustIn([newer.publicKey, bot.publicKey]);
    expect(await unvouched(both, REF, signed)).toBeUndefined();
    expect(await unvouched(trustIn([newer.publicKey]), REF, signed)).toContain('not trusted here');
  });
});

describe('an entry without a signature', () => {
  it('counts when the engine wrote it', async () => {
    expect(await unvouched(trust, REF, { ...entry, by: 'engine' })).toBeUndefined();
  });

  it('counts when it is older than every key, and not when it is newer', async () => {
    const since = trustIn([newSigner(SINCE).publicKey]);
    expect(await unvouched(since, REF, { ...entry, at: SINCE - 1 })).toBeUndefined();
    expect(await unvouched(since, REF, entry)).toBe('it carries no signature');
  });

  it('never counts where signing was there first, nor where nobody is trusted', async () => {
    for (const strict of [trust, trustIn([])]) {
      expect(await unvouched(strict, REF, { ...entry, at: 0 })).toBe('it carries no signature');
    }
  });
});

describe('a journal that is read again', () => {
  it('counts the same entry in its own place only, also where it is the same object', async () => {
    const signed = await signedBy(bot);
    const journal = verifyingJournal({ ...memoryJournal(), read: async () => [signed] }, trust);
    expect(await journal.read(REF)).toEqual([signed]);
    expect(await journal.read(REF)).toEqual([signed]);
    const elsewhere = { ...REF, op: OpId.parse('op-2222') };
    expect(await journal.read(elsewhere)).toEqual([{ ...signed, unvouched: CHANGED }]);
  });
});
