import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostName, type OpId, OpId as OpIds, UserId, ZoneName } from '../src/domain/ids.ts';
import type { Append, Appended, FeedItem, Journal, OpRef } from '../src/jobs/journal/journal.ts';
import type { EventOf, JournalEvent } from '../src/jobs/model/event.ts';
import type { Claim, Plan } from '../src/jobs/model/plan.ts';

export interface JournalUnderTest {
  readonly journal: Journal;
  /** The same store, seen by another process. */
  readonly other: Journal;
  /** Lets so much of the store's time pass. */
  pass(ms: number): Promise<void>;
  /** Changes a stored entry past the journal; undefined removes it and all after it. */
  tamper(ref: OpRef, seq: number, change: (text: string) => string | undefined): Promise<void>;
  /** Changes the last entry and makes the head agree, as if another version had written it so. */
  rewriteLast(ref: OpRef, change: (text: string) => string): Promise<void>;
  close(): Promise<void>;
}

export const STAGING = ZoneName.parse('staging');
const PRODUCTION = ZoneName.parse('production');
const ANA = UserId.parse('ana');
const TTL = 15_000;
/** Ends in a test, and not before what has to come first there: a store that syncs each write takes its time. */
const A_WHILE_MS = 1_500;

export const OP: OpRef = { op: OpIds.parse('op-7k2m'), zone: STAGING };
const NEXT: OpRef = { op: OpIds.parse('op-8k2m'), zone: STAGING };
const THIRD: OpRef = { op: OpIds.parse('op-9k2m'), zone: PRODUCTION };

const LOCK: Claim = { kind: 'lock', key: 'host/builder-07' };
const MEMORY: Claim = { kind: 'amount', of: 'memory/vhost-01', units: 4096 };

const plan: Plan = {
  runbook: { name: 'reimage', version: 1 },
  input: { host: 'builder-07' },
  facts: {},
  zone: STAGING,
  steps: [],
  claims: [LOCK],
  digest: 'd1',
};

export const requested: EventOf<'requested'> = {
  kind: 'requested',
  plan,
  command: '!reimage builder-07',
  inventory: 'r1',
  estimateMs: 600_000,
  approvalExpiresAt: 1_800_000_000_000,
  origin: { network: 'irc', channel: '#ops' },
};
export const approved: JournalEvent = { kind: 'approved', subject: { plan: 'd1' }, network: 'irc' };
export const noted: JournalEvent = { kind: 'cancel-requested', because: 'ana said so' };
const claimed: JournalEvent = { kind: 'claimed', claims: [LOCK, MEMORY] };
const awaited: JournalEvent = { kind: 'claims-awaited', because: 'op-7k2m holds host/builder-07' };
export const ended: JournalEvent = {
  kind: 'ended',
  outcome: 'succeeded',
  because: 'every step is done',
};

export function create(journal: Journal, ref: OpRef, more: Partial<Append> = {}) {
  return journal.append(ref, { events: [requested], by: ANA, seq: 0, ...more });
}

export function add(journal: Journal, ref: OpRef, events: JournalEvent[], more = {}) {
  return journal.append(ref, { events, by: 'engine', ...more });
}

/** What every journal has to do, whatever it is kept in. `make` gives an empty one for each test. */
export function journalConformance(make: () => Promise<JournalUnderTest>): void {
  let under: JournalUnderTest;
  let journal: Journal;
  beforeEach(async () => {
    under = await make();
    journal = under.journal;
  });
  afterEach(() => under.close());

  const kindOf = async (answer: Promise<Appended>) => (await answer).kind;
  const kindsIn = async (ref: OpRef) => (await journal.read(ref)).map(({ event }) => event.kind);
  const dueOps = async (zone = STAGING) => (await journal.due(zone, 10)).map(({ op }) => op);
  const holders = async () =>
    (await journal.claims(STAGING)).held.map(({ op, claim }) => [op, claim]);
  const revision = async () => (await journal.claims(STAGING)).revision;

  async function lease(ref: OpRef, nonce = 'w1', ttlMs = TTL) {
    const taken = await journal.acquire(ref, nonce, ttlMs);
    if (taken === undefined) throw new Error(`${ref.op} is held`);
    return taken;
  }

  async function feedOf(count: number, cursor = '0', from = journal): Promise<FeedItem[]> {
    const stop = new AbortController();
    const items: FeedItem[] = [];
    for await (const item of from.feed(cursor, stop.signal)) {
      items.push(item);
      if (items.length === count) stop.abort();
    }
    return items;
  }

  describe('entries', () => {
    it('gives back what was appended, numbered from 0, with author, time and source', async () => {
      const source = { network: 'irc', message: 'm1' };
      const before = await journal.now();
      const first = await create(journal, OP, { source });
      const second = await add(journal, OP, [approved, noted]);
      const entries = await under.other.read(OP);
      expect(entries.map(({ seq, by, event }) => [seq, by, event])).toEqual([
        [0, 'ana', requested],
        [1, 'engine', approved],
        [2, 'engine', noted],
      ]);
      expect(entries.map((entry) => entry.source)).toEqual([source, undefined, undefined]);
      expect([first, second].flatMap((one) => (one.kind === 'ok' ? one.entries : []))).toEqual(
        entries,
      );
      for (const { at } of entries) expect(at).toBeGreaterThanOrEqual(before - 1_000);
      for (const { at } of entries) expect(at).toBeLessThanOrEqual(await journal.now());
    });

    it('reads from a sequence number on', async () => {
      await create(journal, OP);
      await add(journal, OP, [approved, noted]);
      expect((await journal.read(OP, 2)).map(({ event }) => event)).toEqual([noted]);
      expect(await journal.read(OP, 3)).toEqual([]);
    });

    it('has no entries of an operation that is not there', async () => {
      await create(journal, OP);
      expect(await journal.read(NEXT)).toEqual([]);
      expect(await journal.read({ ...OP, zone: PRODUCTION })).toEqual([]);
    });

    it('links each entry to the one before it', async () => {
      await create(journal, OP);
      await add(journal, OP, [approved]);
      const [first, second] = await journal.read(OP);
      expect(first?.prev).toBe('0'.repeat(64));
      expect(second?.prev).toMatch(/^[0-9a-f]{64}$/);
      expect(second?.prev).not.toBe(first?.prev);
    });

    it('refuses an event that nobody could read again', async () => {
      await create(journal, OP);
      const bad = { kind: 'cancel-requested' } as JournalEvent;
      await expect(add(journal, OP, [bad])).rejects.toThrow();
      expect(await kindsIn(OP)).toEqual(['requested']);
    });
  });

  describe('damage', () => {
    const change = (text: string) => text.replace('ana said so', 'ben said so');

    it('finds an entry that was changed in the middle', async () => {
      await create(journal, OP);
      await add(journal, OP, [noted, approved]);
      await under.tamper(OP, 1, change);
      await expect(journal.read(OP)).rejects.toMatchObject({
        code: 'journal.broken',
        effect: 'none',
        message:
          'The journal of op-7k2m cannot be trusted at entry 2: it does not follow the entry before it',
      });
    });

    it('finds that the last entry was changed', async () => {
      await create(journal, OP);
      await add(journal, OP, [noted]);
      await under.tamper(OP, 1, change);
      await expect(journal.read(OP)).rejects.toThrow('at entry 1: it was changed');
      await expect(journal.read(OP, 1)).rejects.toThrow('at entry 1: it was changed');
    });

    it('finds that the last entries are missing', async () => {
      await create(journal, OP);
      await add(journal, OP, [noted]);
      await under.tamper(OP, 1, () => undefined);
      await expect(journal.read(OP)).rejects.toThrow(
        'at entry 1: the last of 2 entries are missing',
      );
    });

    it('finds an entry that is not JSON, and one that is no entry', async () => {
      await create(journal, OP);
      await add(journal, OP, [noted]);
      await under.tamper(OP, 1, () => 'garbage');
      await expect(journal.read(OP)).rejects.toMatchObject({ code: 'journal.broken' });
      await under.tamper(OP, 1, () => '{"v":2}');
      await expect(journal.read(OP)).rejects.toMatchObject({ code: 'journal.broken' });
    });

    it('finds an entry that pretends to be another one', async () => {
      await create(journal, OP);
      await add(journal, OP, [noted]);
      await under.rewriteLast(OP, (text) => text.replace('"seq":1', '"seq":7'));
      await expect(journal.read(OP)).rejects.toThrow('at entry 1: entry 7 is in its place');
    });

    it('keeps an event of a kind that this version does not know', async () => {
      await create(journal, OP);
      await add(journal, OP, [noted]);
      const event = { kind: 'teleported', to: { rack: 4 } };
      await under.rewriteLast(OP, (text) => JSON.stringify({ ...JSON.parse(text), event }));
      await add(journal, OP, [approved]);
      const entries = await journal.read(OP);
      expect(entries.map((entry) => entry.event)).toEqual([requested, event, approved]);
    });
  });

  describe('guards', () => {
    it('creates an operation once, in whatever zone it is asked for again', async () => {
      expect(await kindOf(create(journal, OP))).toBe('ok');
      expect(await kindOf(create(under.other, OP))).toBe('seq-moved');
      expect(await kindOf(create(journal, { ...OP, zone: PRODUCTION }))).toBe('seq-moved');
      expect(await kindsIn(OP)).toEqual(['requested']);
    });

    it('appends nothing to an operation that is not there', async () => {
      expect(await kindOf(add(journal, OP, [approved]))).toBe('seq-moved');
      expect(await journal.find(OP.op)).toBeUndefined();
      await create(journal, OP);
      expect(await kindOf(add(journal, { ...OP, zone: PRODUCTION }, [approved]))).toBe('seq-moved');
    });

    it('takes a decision on the newest entry, and refuses one on an older', async () => {
      await create(journal, OP);
      expect(await kindOf(add(journal, OP, [approved], { seq: 1 }))).toBe('ok');
      expect(await kindOf(add(under.other, OP, [noted], { seq: 1 }))).toBe('seq-moved');
      expect(await kindsIn(OP)).toEqual(['requested', 'approved']);
    });

    it('lets one of two decisions win that were taken at the same moment', async () => {
      await create(journal, OP);
      const both = [journal, under.other].map((one) =>
        kindOf(add(one, OP, [approved], { seq: 1 })),
      );
      expect((await Promise.all(both)).sort()).toEqual(['ok', 'seq-moved']);
      expect(await kindsIn(OP)).toEqual(['requested', 'approved']);
    });

    it('appends both of two outcomes that came at the same moment', async () => {
      await create(journal, OP);
      const many = [...Array(10).keys()].map((nth) =>
        add(nth % 2 ? journal : under.other, OP, [noted]),
      );
      expect((await Promise.all(many)).map(({ kind }) => kind)).toEqual(Array(10).fill('ok'));
      expect(await kindsIn(OP)).toHaveLength(11);
    });

    it('takes an outcome from the holder of the lease, and none from an older epoch', async () => {
      await create(journal, OP);
      const { epoch } = await lease(OP);
      expect(await kindOf(add(journal, OP, [noted], { epoch }))).toBe('ok');
      expect(await kindOf(add(journal, OP, [noted], { epoch: epoch - 1 }))).toBe('lease-lost');
    });

    it('takes an outcome although somebody appended meanwhile', async () => {
      await create(journal, OP);
      const { epoch } = await lease(OP);
      await add(under.other, OP, [{ kind: 'cancel-requested', because: 'ben said so' }]);
      expect(await kindOf(add(journal, OP, [noted], { epoch }))).toBe('ok');
      expect(await kindsIn(OP)).toEqual(['requested', 'cancel-requested', 'cancel-requested']);
    });

    it('takes an outcome after the lease ran out, until somebody else takes it', async () => {
      await create(journal, OP);
      const { epoch } = await lease(OP, 'w1', 300);
      await under.pass(310);
      expect(await kindOf(add(journal, OP, [noted], { epoch }))).toBe('ok');
      await lease(OP, 'w2');
      expect(await kindOf(add(journal, OP, [noted], { epoch }))).toBe('lease-lost');
    });

    it('takes no outcome from somebody who let go', async () => {
      await create(journal, OP);
      const { epoch } = await lease(OP);
      await journal.release(OP, 'w1', epoch, null);
      expect(await kindOf(add(journal, OP, [noted], { epoch }))).toBe('lease-lost');
    });

    it('takes a message in once, and again the same id from another network', async () => {
      await create(journal, OP);
      const source = { network: 'irc', message: 'm1' };
      expect(await kindOf(add(journal, OP, [approved], { source, seq: 1 }))).toBe('ok');
      expect(await kindOf(add(under.other, OP, [approved], { source, seq: 1 }))).toBe(
        'seen-before',
      );
      expect(await kindOf(create(journal, NEXT, { source }))).toBe('seen-before');
      expect(
        await kindOf(create(journal, NEXT, { source: { ...source, network: 'matrix' } })),
      ).toBe('ok');
    });

    it('takes a message again that was refused for another reason', async () => {
      await create(journal, OP);
      const source = { network: 'irc', message: 'm1' };
      expect(await kindOf(add(journal, OP, [approved], { source, seq: 7 }))).toBe('seq-moved');
      expect(await kindOf(add(journal, OP, [approved], { source, seq: 1 }))).toBe('ok');
    });

    it('leaves no trace of what it refused', async () => {
      await create(journal, OP, { dueInMs: null });
      const claims = await revision();
      const what = { events: [claimed], by: 'engine', seq: 9, wake: [OP.op] } as const;
      expect(await kindOf(journal.append(OP, what))).toBe('seq-moved');
      expect([await revision(), await holders(), await dueOps()]).toEqual([claims, [], []]);
      expect((await feedOf(1)).map(({ seq }) => seq)).toEqual([0]);
    });
  });

  describe('claims', () => {
    it('holds what was claimed, until it is released', async () => {
      await create(journal, OP);
      await add(journal, OP, [claimed]);
      expect(await holders()).toEqual([
        [OP.op, LOCK],
        [OP.op, MEMORY],
      ]);
      await add(journal, OP, [{ kind: 'released', claims: [MEMORY] }]);
      expect(await holders()).toEqual([[OP.op, LOCK]]);
      await add(journal, OP, [{ kind: 'released', claims: [LOCK] }]);
      expect(await holders()).toEqual([]);
    });

    it('takes a claim decided on the claims as they are, and refuses one on older', async () => {
      await create(journal, OP);
      await create(journal, NEXT);
      const claims = await revision();
      const first = await add(journal, OP, [claimed], { claims });
      expect(first).toMatchObject({ kind: 'ok', claimsRevision: await revision() });
      expect(await kindOf(add(journal, NEXT, [claimed], { claims }))).toBe('claims-moved');
      expect(await kindOf(add(journal, NEXT, [claimed], { claims: await revision() }))).toBe('ok');
    });

    it('lets one of two operations win that claim at the same moment', async () => {
      await create(journal, OP);
      await create(journal, NEXT);
      const claims = await revision();
      const both = [
        kindOf(add(journal, OP, [claimed], { claims })),
        kindOf(add(under.other, NEXT, [claimed], { claims })),
      ];
      expect((await Promise.all(both)).sort()).toEqual(['claims-moved', 'ok']);
    });

    it('knows each zone by itself', async () => {
      await create(journal, OP);
      await create(journal, THIRD);
      await add(journal, THIRD, [claimed]);
      expect(await holders()).toEqual([]);
      expect((await journal.claims(PRODUCTION)).held).toHaveLength(2);
    });

    it('says since when', async () => {
      await create(journal, OP);
      const before = await journal.now();
      await add(journal, OP, [claimed]);
      const since = (await journal.claims(STAGING)).held[0]?.since ?? 0;
      expect(since).toBeGreaterThanOrEqual(before);
      expect(since).toBeLessThanOrEqual(await journal.now());
    });

    it('frees everything at the end, and leaves nothing of the operation to look at', async () => {
      await create(journal, OP);
      const { epoch } = await lease(OP);
      await add(journal, OP, [claimed], { epoch });
      await add(journal, OP, [ended], { epoch });
      await journal.release(OP, 'w1', epoch, 0);
      await add(journal, OP, [noted], { wake: [OP.op], dueInMs: 0 });
      expect([await holders(), await dueOps(), await journal.open()]).toEqual([[], [], []]);
      expect(await journal.acquire(OP, 'w2', TTL)).toBeUndefined();
    });

    it('leaves nothing to look at when the holder renews after the end, and dies', async () => {
      await create(journal, OP);
      const { epoch } = await lease(OP);
      await add(journal, OP, [ended], { epoch });
      await journal.renew(OP, 'w1', epoch, 100);
      await under.pass(110);
      expect(await dueOps()).toEqual([]);
    });

    it('holds nothing for an operation that ended before it claimed', async () => {
      await create(journal, OP);
      await add(journal, OP, [ended]);
      await add(journal, OP, [claimed, awaited]);
      expect([await holders(), await dueOps()]).toEqual([[], []]);
    });

    it.each([
      ['released', { kind: 'released', claims: [LOCK] }],
      ['ended', ended],
    ] as [string, JournalEvent][])(
      'looks at once at who waits when claims are freed: %s',
      async (_, frees) => {
        await create(journal, OP, { dueInMs: null });
        await create(journal, NEXT, { dueInMs: null });
        await add(journal, OP, [claimed], { dueInMs: null });
        await add(journal, NEXT, [awaited], { dueInMs: 60_000 });
        expect(await dueOps()).toEqual([]);
        await add(journal, OP, [frees], { dueInMs: null });
        expect(await dueOps()).toEqual([NEXT.op]);
      },
    );

    it('leaves in peace who waits no longer', async () => {
      await create(journal, OP, { dueInMs: null });
      await create(journal, NEXT, { dueInMs: null });
      await add(journal, OP, [claimed], { dueInMs: null });
      await add(journal, NEXT, [awaited], { dueInMs: null });
      await add(journal, NEXT, [{ kind: 'claimed', claims: [] }], { dueInMs: null });
      await add(journal, OP, [ended]);
      expect(await dueOps()).toEqual([]);
    });

    it('keeps a lock set by hand with who and why, and frees it once', async () => {
      const lock = { key: 'host/builder-07', by: 'ana', because: 'new disks' };
      expect(await journal.lockByHand(STAGING, lock, await revision())).toBe(true);
      expect((await journal.claims(STAGING)).held).toEqual([
        { claim: LOCK, since: expect.any(Number), byHand: { by: 'ana', because: 'new disks' } },
      ]);
      expect(await journal.unlockByHand(STAGING, lock.key)).toBe(true);
      expect(await journal.unlockByHand(STAGING, lock.key)).toBe(false);
      expect(await holders()).toEqual([]);
    });

    it('frees a lock for a message once, and says so again when the message comes again', async () => {
      const lock = { key: 'host/builder-07', by: 'ana', because: 'new disks' };
      const source = { network: 'irc', message: 'm1 unlocked' };
      await journal.lockByHand(STAGING, lock, await revision());
      expect(await journal.unlockByHand(STAGING, lock.key, source)).toBe(true);
      await journal.lockByHand(STAGING, lock, await revision());
      expect(await journal.unlockByHand(STAGING, lock.key, source)).toBe(true);
      expect(await holders()).toEqual([[undefined, LOCK]]);
    });

    it('keeps with a freeze what goes on nevertheless', async () => {
      const what = { by: 'ana', because: 'koji is upgraded', except: ['configure'] };
      await journal.lockByHand(STAGING, { key: 'freeze/staging', ...what }, await revision());
      expect((await journal.claims(STAGING)).held[0]?.byHand).toEqual(what);
    });

    it('sets no lock by hand on claims that moved', async () => {
      const lock = { key: 'host/builder-07', by: 'ana', because: 'new disks' };
      const before = await revision();
      await create(journal, OP);
      await add(journal, OP, [claimed]);
      expect(await journal.lockByHand(STAGING, lock, before)).toBe(false);
      expect(await holders()).toHaveLength(2);
    });

    it('makes a decision stale when a lock is set or freed by hand', async () => {
      const lock = { key: 'host/builder-07', by: 'ana', because: 'new disks' };
      await create(journal, OP);
      const before = await revision();
      await journal.lockByHand(STAGING, lock, before);
      expect(await kindOf(add(journal, OP, [claimed], { claims: before }))).toBe('claims-moved');
      const locked = await revision();
      await journal.unlockByHand(STAGING, lock.key);
      expect(await kindOf(add(journal, OP, [claimed], { claims: locked }))).toBe('claims-moved');
    });

    it('looks at once at who waits when a lock set by hand is freed', async () => {
      await journal.lockByHand(
        STAGING,
        { key: 'host/a', by: 'ana', because: 'x' },
        await revision(),
      );
      await create(journal, OP, { dueInMs: null });
      await add(journal, OP, [awaited], { dueInMs: null });
      await journal.unlockByHand(STAGING, 'host/a');
      expect(await dueOps()).toEqual([OP.op]);
    });

    it('keeps a lock by hand until its end, and wakes who waits then', async () => {
      const until = (await journal.now()) + A_WHILE_MS;
      const lock = { key: 'host/builder-07', by: 'ana', because: 'new disks', until };
      await journal.lockByHand(STAGING, lock, await revision());
      await create(journal, OP, { dueInMs: null });
      await add(journal, OP, [awaited], { dueInMs: null });
      expect([await dueOps(), (await holders()).length]).toEqual([[], 1]);
      expect((await journal.claims(STAGING)).held[0]?.byHand).toMatchObject({ until });
      await under.pass(A_WHILE_MS + 10);
      expect(await holders()).toEqual([]);
      expect(await dueOps()).toEqual([OP.op]);
      expect(await journal.unlockByHand(STAGING, lock.key)).toBe(false);
    });

    it('ends one lock by hand and keeps those that end later or never', async () => {
      const now = await journal.now();
      const ends: readonly (readonly [string, number | undefined])[] = [
        ['host/a', now + 60_000],
        ['host/b', now + A_WHILE_MS],
        ['host/c', undefined],
      ];
      for (const [key, until] of ends) {
        const lock = { key, by: 'ana', because: 'x', ...(until !== undefined && { until }) };
        await journal.lockByHand(STAGING, lock, await revision());
      }
      await under.pass(A_WHILE_MS + 10);
      await dueOps();
      const left = (await journal.claims(STAGING)).held.map(({ claim }) => claim);
      expect(left).toEqual([
        { kind: 'lock', key: 'host/a' },
        { kind: 'lock', key: 'host/c' },
      ]);
    });
  });

  describe('failures in a row', () => {
    const host = HostName.parse('builder-07');
    const counted = (inARow: number): JournalEvent => ({ kind: 'failures-counted', host, inARow });
    const keptOf = async (key: string) =>
      (await journal.claims(STAGING)).held.find(
        ({ claim }) => claim.kind === 'lock' && claim.key === `${key}/${host}`,
      )?.byHand;

    it('are kept with the end that brought them, and a success ends them', async () => {
      await create(journal, OP);
      await add(journal, OP, [counted(2), ended]);
      expect(await keptOf('failures')).toEqual({ by: 'signalbox', because: 'it failed', times: 2 });
      await create(journal, NEXT);
      await add(journal, NEXT, [counted(0), ended]);
      expect(await keptOf('failures')).toBeUndefined();
    });

    it('are not kept when the end is refused', async () => {
      await create(journal, OP);
      expect(await kindOf(add(journal, OP, [counted(1), ended], { epoch: 9 }))).toBe('lease-lost');
      expect(await keptOf('failures')).toBeUndefined();
    });

    it('put a host into quarantine with its owner until somebody releases it', async () => {
      const quarantined = { owner: ANA, because: 'reimage failed 3 times in a row' };
      await create(journal, OP);
      await add(journal, OP, [{ kind: 'failures-counted', host, inARow: 3, quarantined }, ended]);
      expect(await keptOf('quarantine')).toEqual({ by: 'signalbox', ...quarantined });
      expect(await journal.unlockByHand(STAGING, `quarantine/${host}`)).toBe(true);
      expect(await keptOf('quarantine')).toBeUndefined();
    });
  });

  describe('the queue', () => {
    const waits = (claims: readonly Claim[]): JournalEvent => ({
      kind: 'claims-awaited',
      because: 'taken',
      claims,
      place: 1,
    });
    const line = async () => (await journal.claims(STAGING)).waiting.map(({ op }) => op);
    const FOURTH: OpRef = { op: OpIds.parse('op-6k2m'), zone: STAGING };

    it('keeps the order in which they came, whatever they say later', async () => {
      for (const ref of [NEXT, OP]) await create(journal, ref, { dueInMs: null });
      await add(journal, NEXT, [waits([LOCK])]);
      await add(journal, OP, [waits([LOCK, MEMORY])]);
      await add(journal, NEXT, [waits([MEMORY])]);
      expect((await under.other.claims(STAGING)).waiting).toEqual([
        { op: NEXT.op, since: expect.any(Number), claims: [MEMORY] },
        { op: OP.op, since: expect.any(Number), claims: [LOCK, MEMORY] },
      ]);
    });

    it('is left by whoever takes claims, and by whoever ends', async () => {
      for (const ref of [OP, NEXT, FOURTH]) {
        await create(journal, ref, { dueInMs: null });
        await add(journal, ref, [waits([LOCK])], { dueInMs: null });
      }
      await add(journal, OP, [claimed]);
      expect(await line()).toEqual([NEXT.op, FOURTH.op]);
      await add(journal, NEXT, [ended]);
      expect(await line()).toEqual([FOURTH.op]);
    });

    it('wakes of those that wait only who wants some of what was freed', async () => {
      for (const ref of [OP, NEXT, FOURTH]) await create(journal, ref, { dueInMs: null });
      await add(journal, OP, [claimed], { dueInMs: null });
      await add(journal, NEXT, [waits([{ kind: 'lock', key: 'host/builder-08' }])], {
        dueInMs: null,
      });
      await add(journal, FOURTH, [waits([MEMORY])], { dueInMs: null });
      await add(journal, OP, [ended]);
      expect(await dueOps()).toEqual([FOURTH.op]);
    });

    it('wakes for a host those who wait for its pool', async () => {
      for (const ref of [OP, NEXT]) await create(journal, ref, { dueInMs: null });
      await add(journal, OP, [claimed], { dueInMs: null });
      await add(journal, NEXT, [waits([{ kind: 'lock', key: 'pool/builders' }])], {
        dueInMs: null,
      });
      await add(journal, OP, [ended]);
      expect(await dueOps()).toEqual([NEXT.op]);
    });

    it('wakes the next when somebody before them leaves it', async () => {
      for (const ref of [OP, NEXT]) {
        await create(journal, ref, { dueInMs: null });
        await add(journal, ref, [waits([LOCK])], { dueInMs: null });
      }
      await add(journal, OP, [ended]);
      expect(await dueOps()).toEqual([NEXT.op]);
    });

    it('does not wake a crowd for one thing that was freed', async () => {
      const crowd = ['2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd'].map(
        (sign): OpRef => ({ op: OpIds.parse(`op-m${sign}${sign}m`), zone: STAGING }),
      );
      await create(journal, OP, { dueInMs: null });
      await add(journal, OP, [claimed], { dueInMs: null });
      for (const ref of crowd) {
        await create(journal, ref, { dueInMs: null });
        await add(journal, ref, [waits([LOCK])], { dueInMs: null });
      }
      await add(journal, OP, [ended]);
      expect((await dueOps()).toSorted()).toEqual(
        crowd
          .slice(0, 8)
          .map(({ op }) => op)
          .toSorted(),
      );
    });
  });

  describe('leases', () => {
    it('gives an operation to one worker at a time, with a higher epoch each time', async () => {
      await create(journal, OP);
      const first = await lease(OP);
      expect(await under.other.acquire(OP, 'w2', TTL)).toBeUndefined();
      expect(await journal.acquire(OP, 'w1', TTL)).toBeUndefined();
      await journal.release(OP, 'w1', first.epoch, null);
      expect((await lease(OP, 'w2')).epoch).toBe(first.epoch + 1);
    });

    it('is taken from its holder by a takeover, and its outcome counts no more', async () => {
      await create(journal, OP);
      const { epoch } = await lease(OP);
      const taken: JournalEvent = { kind: 'taken-over', because: 'it hangs' };
      expect(await kindOf(add(under.other, OP, [taken]))).toBe('ok');
      expect(await kindOf(add(journal, OP, [noted], { epoch }))).toBe('lease-lost');
      expect(await journal.renew(OP, 'w1', epoch, TTL)).toBeUndefined();
      await journal.release(OP, 'w1', epoch, null);
      expect(await dueOps()).toEqual([OP.op]);
      const next = await lease(OP, 'w2');
      expect(next).toMatchObject({ epoch: epoch + 2, interrupted: true });
    });

    it('is interrupted by a takeover only where somebody held it', async () => {
      await create(journal, OP);
      await add(journal, OP, [{ kind: 'taken-over', because: 'it waits' }]);
      expect(await lease(OP)).toMatchObject({ epoch: 2, interrupted: false });
    });

    it('gives it to one of two who ask at the same moment', async () => {
      await create(journal, OP);
      const both = [journal.acquire(OP, 'w1', TTL), under.other.acquire(OP, 'w2', TTL)];
      expect((await Promise.all(both)).filter((one) => one !== undefined)).toHaveLength(1);
    });

    it('gives nothing of an operation that is not there', async () => {
      expect(await journal.acquire(OP, 'w1', TTL)).toBeUndefined();
    });

    it('gives it to the next one when the lease has run out, and the first one can do nothing more', async () => {
      await create(journal, OP);
      const first = await lease(OP, 'w1', 300);
      await under.pass(310);
      const second = await lease(OP, 'w2');
      expect(second.epoch).toBe(first.epoch + 1);
      expect(await journal.renew(OP, 'w1', first.epoch, TTL)).toBeUndefined();
      await journal.release(OP, 'w1', first.epoch, 0);
      expect(await journal.acquire(OP, 'w3', TTL)).toBeUndefined();
    });

    it('lasts longer when it is renewed, also when it had run out and nobody took it', async () => {
      await create(journal, OP);
      const { epoch } = await lease(OP, 'w1', 300);
      await under.pass(310);
      expect(await journal.renew(OP, 'w1', epoch, TTL)).toBeGreaterThan(0);
      expect(await under.other.acquire(OP, 'w2', TTL)).toBeUndefined();
      expect(await journal.renew(OP, 'w2', epoch, TTL)).toBeUndefined();
      expect(await journal.renew(OP, 'w1', epoch + 1, TTL)).toBeUndefined();
    });

    it('says that the one before did not let go, until somebody does', async () => {
      await create(journal, OP);
      expect((await lease(OP, 'w1', 100)).interrupted).toBe(false);
      await under.pass(110);
      expect((await lease(OP, 'w2', 100)).interrupted).toBe(true);
      await under.pass(110);
      const third = await lease(OP, 'w3');
      expect(third.interrupted).toBe(true);
      await journal.release(OP, 'w3', third.epoch, null);
      expect((await lease(OP, 'w4')).interrupted).toBe(false);
    });
  });

  describe('a lease that nobody heard of and that is given back', () => {
    it('is as if it had not been taken, but for its epoch', async () => {
      await create(journal, OP);
      const { epoch } = await lease(OP);
      await journal.giveBack(OP, 'w1', 0);
      expect(await dueOps()).toEqual([OP.op]);
      expect(await journal.renew(OP, 'w1', epoch, TTL)).toBeUndefined();
      expect(await lease(OP, 'w2')).toMatchObject({ epoch: epoch + 1, interrupted: false });
    });

    it('still says that the one before did not let go', async () => {
      await create(journal, OP);
      await lease(OP, 'w1', 100);
      await under.pass(110);
      expect((await lease(OP, 'w2')).interrupted).toBe(true);
      await journal.giveBack(OP, 'w2', 0);
      const third = await lease(OP, 'w3');
      expect(third.interrupted).toBe(true);
      await journal.release(OP, 'w3', third.epoch, null);
      await lease(OP, 'w4');
      await journal.giveBack(OP, 'w4', 0);
      expect((await lease(OP, 'w5')).interrupted).toBe(false);
    });

    it('is due when it was said, and at once where somebody wrote meanwhile', async () => {
      await create(journal, OP);
      await lease(OP);
      await journal.giveBack(OP, 'w1', 60_000);
      expect(await dueOps()).toEqual([]);
      await lease(OP, 'w2');
      await add(under.other, OP, [approved], { dueInMs: null });
      await journal.giveBack(OP, 'w2', 60_000);
      expect(await dueOps()).toEqual([OP.op]);
    });

    it('stays where it is when it is another one, or was taken over', async () => {
      await create(journal, OP);
      await journal.giveBack(OP, 'w1', 0);
      await lease(OP, 'w2');
      await journal.giveBack(OP, 'w1', 0);
      expect(await journal.acquire(OP, 'w3', TTL)).toBeUndefined();
      await add(under.other, OP, [{ kind: 'taken-over', because: 'it hangs' }]);
      await journal.giveBack(OP, 'w2', 0);
      expect((await lease(OP, 'w3')).interrupted).toBe(true);
    });
  });

  describe('due times', () => {
    it('has a new operation looked at when its creation says', async () => {
      await create(journal, OP, { dueInMs: A_WHILE_MS });
      await create(journal, NEXT, { dueInMs: null });
      expect(await dueOps()).toEqual([]);
      await under.pass(A_WHILE_MS + 10);
      expect(await journal.due(STAGING, 10)).toEqual([{ ...OP, seq: 1, epoch: 0 }]);
    });

    it('gives the longest due first, at most as many as asked for, of one zone', async () => {
      await create(journal, OP);
      await under.pass(5);
      await create(journal, NEXT);
      await create(journal, THIRD);
      expect(await dueOps()).toEqual([OP.op, NEXT.op]);
      expect(await journal.due(STAGING, 1)).toHaveLength(1);
      expect(await dueOps(PRODUCTION)).toEqual([THIRD.op]);
    });

    it('is not due while it is held, and due when the lease ends', async () => {
      await create(journal, OP);
      const { epoch } = await lease(OP, 'w1', A_WHILE_MS);
      expect(await dueOps()).toEqual([]);
      await under.pass(A_WHILE_MS + 10);
      expect(await journal.due(STAGING, 10)).toEqual([{ ...OP, seq: 1, epoch }]);
    });

    it('is due when the lease ends, also if nobody was to look at it', async () => {
      await create(journal, OP, { dueInMs: null });
      await lease(OP, 'w1', 100);
      await under.pass(110);
      expect(await dueOps()).toEqual([OP.op]);
    });

    it('is due when a renewed lease ends, not before', async () => {
      await create(journal, OP);
      const { epoch } = await lease(OP, 'w1', 300);
      await journal.renew(OP, 'w1', epoch, TTL);
      await under.pass(310);
      expect(await dueOps()).toEqual([]);
    });

    it.each([
      [0, true],
      [60_000, false],
      [null, false],
    ])('after a release due in %s is due now: %s', async (dueInMs, isDue) => {
      await create(journal, OP);
      const { epoch } = await lease(OP);
      await add(journal, OP, [noted], { epoch, dueInMs: 0 });
      await journal.release(OP, 'w1', epoch, dueInMs);
      expect(await dueOps()).toEqual(isDue ? [OP.op] : []);
    });

    it('is due at once after an append by somebody without the lease', async () => {
      await create(journal, OP, { dueInMs: 60_000 });
      await add(journal, OP, [approved]);
      expect(await dueOps()).toEqual([OP.op]);
    });

    it('does not lose what was appended while a worker held it', async () => {
      await create(journal, OP);
      const { epoch } = await lease(OP);
      await add(under.other, OP, [approved], { dueInMs: null });
      expect(await dueOps()).toEqual([]);
      await journal.release(OP, 'w1', epoch, null);
      expect(await dueOps()).toEqual([OP.op]);
      const next = await lease(OP, 'w2');
      await journal.release(OP, 'w2', next.epoch, null);
      expect(await dueOps()).toEqual([]);
    });

    it('does not lose what was appended after the lease ran out, when its late holder lets go', async () => {
      await create(journal, OP);
      const { epoch } = await lease(OP, 'w1', 100);
      await under.pass(110);
      await add(under.other, OP, [approved]);
      await journal.release(OP, 'w1', epoch, null);
      expect(await dueOps()).toEqual([OP.op]);
    });

    it('does not lose a wake-up after the lease ran out, when its late holder lets go', async () => {
      await create(journal, OP);
      await create(journal, NEXT, { dueInMs: null });
      const { epoch } = await lease(OP, 'w1', 100);
      await under.pass(110);
      await add(journal, NEXT, [ended], { wake: [OP.op] });
      await journal.release(OP, 'w1', epoch, 60_000);
      expect(await dueOps()).toEqual([OP.op]);
    });

    it('does not tell the next worker about what it has seen', async () => {
      await create(journal, OP);
      await lease(OP, 'w1', A_WHILE_MS);
      await add(under.other, OP, [approved]);
      await under.pass(A_WHILE_MS + 10);
      const next = await lease(OP, 'w2');
      await journal.release(OP, 'w2', next.epoch, null);
      expect(await dueOps()).toEqual([]);
    });

    it('wakes other operations of the zone', async () => {
      await create(journal, OP, { dueInMs: null });
      await create(journal, NEXT, { dueInMs: null });
      await add(journal, NEXT, [noted], { wake: [OP.op], dueInMs: null });
      expect(await dueOps()).toEqual([OP.op]);
    });

    it('does not lose a wake-up of an operation that a worker holds', async () => {
      await create(journal, OP);
      await create(journal, NEXT, { dueInMs: null });
      const { epoch } = await lease(OP);
      await add(journal, NEXT, [ended], { wake: [OP.op] });
      await journal.release(OP, 'w1', epoch, 60_000);
      expect(await dueOps()).toEqual([OP.op]);
    });

    it('does not lose that claims were freed while a worker decided to wait for them', async () => {
      await create(journal, OP, { dueInMs: null });
      await add(journal, OP, [claimed], { dueInMs: null });
      await create(journal, NEXT);
      const { epoch } = await lease(NEXT);
      await add(journal, NEXT, [awaited], { epoch });
      await add(under.other, OP, [ended]);
      await journal.release(NEXT, 'w1', epoch, 60_000);
      expect(await dueOps()).toEqual([NEXT.op]);
    });

    it('wakes without a word on the record', async () => {
      await create(journal, OP, { dueInMs: null });
      await create(journal, NEXT, { dueInMs: null });
      expect(await kindOf(add(journal, OP, [], { wake: [NEXT.op], dueInMs: null }))).toBe('ok');
      expect(await dueOps()).toEqual([NEXT.op]);
      expect(await kindsIn(OP)).toEqual(['requested']);
    });
  });

  describe('finding operations', () => {
    it('finds the zone of an operation by its id', async () => {
      await create(journal, THIRD);
      expect(await journal.find(THIRD.op)).toEqual(THIRD);
      expect(await journal.find(OP.op)).toBeUndefined();
    });

    it('lists what is open and what was recent, newest first, across zones', async () => {
      for (const ref of [OP, THIRD, NEXT]) await create(journal, ref);
      await add(journal, THIRD, [ended]);
      expect(await journal.open()).toEqual([NEXT, OP]);
      expect(await journal.recent(2)).toEqual([NEXT, THIRD]);
      expect(await journal.recent(10)).toEqual([NEXT, THIRD, OP]);
    });

    it('counts what is open, and lists no more of it than is asked for', async () => {
      expect(await journal.countOpen()).toBe(0);
      for (const ref of [OP, THIRD, NEXT]) await create(journal, ref);
      expect(await journal.countOpen()).toBe(3);
      expect(await journal.open(2)).toEqual([NEXT, THIRD]);
      await add(journal, NEXT, [ended]);
      expect(await journal.countOpen()).toBe(2);
    });

    it('says how long journals are, in the order they were asked for', async () => {
      await create(journal, OP);
      await create(journal, THIRD);
      await add(journal, OP, [approved, noted]);
      expect(await journal.lengths([THIRD, NEXT, OP])).toEqual([1, 0, 3]);
      expect(await journal.lengths([])).toEqual([]);
    });
  });

  describe('the feed', () => {
    const places = (items: readonly FeedItem[]) => items.map(({ op, seq }) => [op, seq]);

    it('gives every entry of the installation in order', async () => {
      await create(journal, OP);
      await create(journal, THIRD);
      await add(journal, OP, [approved, noted]);
      const items = await feedOf(4);
      expect(places(items)).toEqual([
        [OP.op, 0],
        [THIRD.op, 0],
        [OP.op, 1],
        [OP.op, 2],
      ]);
      expect(items.map(({ zone }) => zone)).toEqual([STAGING, PRODUCTION, STAGING, STAGING]);
    });

    it('goes on after a cursor', async () => {
      await create(journal, OP);
      await add(journal, OP, [approved, noted]);
      const [, second] = await feedOf(2);
      expect(places(await feedOf(1, second?.cursor, under.other))).toEqual([[OP.op, 2]]);
    });

    it('waits for what is appended later', async () => {
      await create(journal, OP);
      const later = feedOf(3);
      await add(under.other, OP, [approved, noted]);
      expect(places(await later)).toHaveLength(3);
    });

    it('ends when its reader stops, also one that waits', async () => {
      const stop = new AbortController();
      const step = journal.feed('0', stop.signal)[Symbol.asyncIterator]().next();
      stop.abort();
      expect((await step).done).toBe(true);
      const stopped = journal.feed('0', AbortSignal.abort())[Symbol.asyncIterator]();
      expect((await stopped.next()).done).toBe(true);
    });

    it('remembers where each reader got to', async () => {
      expect(await journal.cursor('narrator')).toBe('0');
      await journal.saveCursor('narrator', '5-0');
      expect(await under.other.cursor('narrator')).toBe('5-0');
      expect(await journal.cursor('metrics')).toBe('0');
    });

    it('lets a new reader begin at its end, and remembers where that was', async () => {
      const nothingYet = await journal.cursor('early', 'end');
      await create(journal, OP);
      const cursor = await journal.cursor('late', 'end');
      await add(journal, OP, [approved]);
      expect(await under.other.cursor('late', 'end')).toBe(cursor);
      expect(places(await feedOf(1, cursor))).toEqual([[OP.op, 1]]);
      expect(await journal.cursor('early', 'end')).toBe(nothingYet);
      expect(places(await feedOf(2, nothingYet))).toHaveLength(2);
    });
  });
}

/** The operations of a load test or a check after a crash. */
export function opNumber(nth: number): OpId {
  const digits = '23456789abcdefgh';
  const text = [...nth.toString(16).padStart(5, '0')].map(
    (one) => digits[Number.parseInt(one, 16)],
  );
  return OpIds.parse(`op-${text.join('')}`);
}
