import { generateKeyPairSync } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { link, NO_ENTRIES } from '../../../src/adapters/store/chain.ts';
import { redisJournal } from '../../../src/adapters/store/redis-journal.ts';
import { UserId } from '../../../src/domain/ids.ts';
import { digestOfText } from '../../../src/jobs/journal/digest-of-text.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import { signerWith } from '../../../src/jobs/signing/signer.ts';
import { signingJournal } from '../../../src/jobs/signing/signing-journal.ts';
import { add, approved, create, noted } from '../../journal-conformance.ts';
import { type AuditedStore, auditedStore, FIRST, SECOND } from './audited-store.ts';

let site: AuditedStore;
beforeEach(async () => {
  site = await auditedStore();
  await site.anchors();
});
afterEach(() => site.close());

const clean = (entries: number, anchors: number) => [
  `everything fits: 3 operations, ${entries} entries, ${anchors} anchors`,
];

/** As somebody does it who knows how the store works: the head agrees. */
async function rewrite({ op, zone }: OpRef, texts: readonly string[]): Promise<void> {
  const { redis, keys } = site;
  const head = JSON.parse((await redis.hget(keys.heads(zone), op)) ?? '');
  const digest = digestOfText(texts.at(-1) ?? '');
  await redis.del(keys.entries({ op, zone }));
  await redis.rpush(keys.entries({ op, zone }), ...texts);
  const agreeing = { ...head, seq: texts.length, digest };
  await redis.hset(keys.heads(zone), op, JSON.stringify(agreeing));
}

async function textsOf(ref: OpRef): Promise<string[]> {
  return site.redis.lrange(site.keys.entries(ref), 0, -1);
}

/** The first line, with how many were found. */
async function found(): Promise<string> {
  const lines = await site.verify();
  return `${lines[0]} (${lines.at(-1)?.split(' ')[0]})`;
}

describe('an audit of what nobody touched', () => {
  it('says that everything fits', async () => {
    expect(await site.verify()).toEqual(clean(12, 2));
  });

  it('goes on from the last anchor, and takes in what came after it', async () => {
    await add(site.journal, FIRST, [noted]);
    expect(await site.verify()).toEqual(clean(13, 2));
    await site.anchors();
    expect(await site.verify()).toEqual(clean(13, 3));
    await site.anchors();
    expect(await site.verify()).toEqual(clean(13, 3));
  });
});

describe('an audit finds', () => {
  it('an entry that was edited', async () => {
    const texts = await textsOf(SECOND);
    const edited = texts.with(1, texts[1]?.replace('ana said so', 'ben said so') ?? '');
    await rewrite(SECOND, edited);
    expect(await found()).toBe('op-3333 entry 1: it was changed: the next one follows another (1)');
  });

  it('the last entry edited, also when the head agrees', async () => {
    const texts = await textsOf(SECOND);
    await rewrite(SECOND, texts.with(3, texts[3]?.replace('ana said so', 'ben said so') ?? ''));
    expect(await found()).toBe(
      'op-3333 entry 3: it, or one before it, is not what anchor 2 has seen (1)',
    );
  });

  it('a journal that was cut off', async () => {
    await rewrite(SECOND, (await textsOf(SECOND)).slice(0, 2));
    expect(await found()).toBe(
      'op-3333 entry 2: the journal ends here, and anchor 2 has seen 4 entries (1)',
    );
  });

  it('an operation that was removed', async () => {
    const { redis, keys } = site;
    await redis.del(keys.entries(SECOND));
    await redis.hdel(keys.heads(SECOND.zone), SECOND.op);
    await redis.hdel(keys.operations, SECOND.op);
    expect(await found()).toBe('op-3333: it is missing: anchor 2 has seen 4 entries of it (1)');
  });

  it('a journal that was rebuilt whole with a chain of its own', async () => {
    const [first, ...rest] = (await textsOf(SECOND)).map((text) => JSON.parse(text));
    const { event, signature, by, at } = first;
    const one = link(NO_ENTRIES, at, { events: [event], by, signatures: [signature] });
    const others = rest.map((entry) => ({ ...entry.event, because: 'it was ben' }));
    const more = link(one.head, at + 1, { events: others, by: 'engine' });
    await rewrite(SECOND, [...one.texts, ...more.texts]);
    expect(await found()).toBe(
      'op-3333 entry 3: it, or one before it, is not what anchor 2 has seen (1)',
    );
  });

  it('an entry that nobody appended', async () => {
    const { redis, keys } = site;
    await redis.rpush(keys.entries(SECOND), (await textsOf(SECOND))[3] ?? '');
    expect(await found()).toMatch(/^op-3333 entry 4: entry 3 is in its place/);
  });

  it('an approval that no trusted bot signed', async () => {
    const stranger = signerWith(generateKeyPairSync('ed25519').privateKey, 0);
    const forging = signingJournal(redisJournal(site.redis), stranger, Date.now);
    await forging.append(SECOND, { events: [approved], by: UserId.parse('ana'), seq: 4 });
    expect(await found()).toBe(
      `op-3333 entry 4: "approved" in the name of ana: it is signed with a key that is not trusted here (${stranger.publicKey.id}…) (1)`,
    );
  });

  it('an operation that was put in between', async () => {
    const other = { ...FIRST, op: 'op-5555' as OpRef['op'] };
    await create(site.journal, other);
    const { redis, keys } = site;
    const [[id, fields]] = (await redis.xrevrange(keys.feed, '+', '-', 'COUNT', 1)) as [
      [string, string[]],
    ];
    const all = await redis.xrange(keys.feed, '-', '+');
    await redis.del(keys.feed);
    await redis.xadd(keys.feed, '1-1', ...fields);
    for (const [was, what] of all.filter(([each]) => each !== id)) {
      await redis.xadd(keys.feed, was, ...what);
    }
    expect(await found()).toBe('op-5555 entry 0: it was not there when anchor 2 was made (1)');
  });

  it('a feed that is shorter than it was', async () => {
    const { redis, keys } = site;
    const [last] = await redis.xrevrange(keys.feed, '+', '-', 'COUNT', 1);
    await redis.xdel(keys.feed, last?.[0] ?? '');
    expect((await site.verify())[0]).toMatch(/^the feed ends at \S+, and anchor 2 has seen it at/);
    expect(await site.verify()).toContain('op-4444 entry 3: the feed does not have it');
  });

  it('that nothing was ever anchored', async () => {
    await site.changeAnchors(() => []);
    expect(await found()).toBe('there are no anchors: nothing says what was there before (1)');
  });
});

describe('anchors', () => {
  beforeEach(async () => {
    await add(site.journal, FIRST, [noted]);
    await site.anchors();
  });

  it.each<[string, (lines: string[]) => string[], string]>([
    [
      'one that was edited',
      (lines) => lines.map((line) => line.replace('"seq":5', '"seq":4')),
      'anchors: line 3 does not count: its signature is of something else',
    ],
    [
      'a line that is missing',
      (lines) => lines.slice(1),
      'anchors: line 1 is anchor 2: lines are missing or were added',
    ],
    ['a line that is none', (lines) => [...lines, 'hello'], 'anchors: line 4 is no anchor'],
  ])('tell of %s', async (_what, change, said) => {
    await site.changeAnchors(change);
    expect((await site.verify())[0]).toBe(said);
  });

  it('go on after a line that was torn', async () => {
    await appendFile(site.anchorsPath, '{"v":1,"n":4,');
    expect(await site.verify()).toEqual(clean(13, 3));
    await add(site.journal, FIRST, [noted]);
    await site.anchors();
    expect(await site.verify()).toEqual(clean(14, 4));
  });
});
