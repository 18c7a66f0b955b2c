import { describe, expect, test } from 'vitest';
import { memoryJournal } from '../../../src/adapters/simulated/memory-journal.ts';
import { type FollowOptions, followFeed } from '../../../src/bot/feed/follow-feed.ts';
import type { FeedItem } from '../../../src/jobs/journal/journal.ts';
import { create, opNumber, STAGING } from '../../journal-conformance.ts';
import { until } from '../../until.ts';

const READER = 'reader';

async function feedOf(count: number) {
  const journal = memoryJournal();
  for (let nth = 0; nth < count; nth += 1)
    await create(journal, { op: opNumber(nth), zone: STAGING });
  const problems: unknown[] = [];
  const seen: string[] = [];
  const follow = (options: Partial<FollowOptions> = {}) =>
    followFeed({
      journal,
      reader: READER,
      async handle({ cursor }: FeedItem) {
        seen.push(cursor);
        return 'handled';
      },
      report: (problem) => problems.push(problem),
      ...options,
    });
  return { journal, problems, seen, follow, cursor: () => journal.cursor(READER) };
}

describe('a reader of the feed', () => {
  test('handles every entry, and the next one goes on where it stopped', async () => {
    const { journal, seen, follow, cursor } = await feedOf(3);
    const first = follow();
    await until(async () => (await cursor()) === '3');
    await first.stop();
    await create(journal, { op: opNumber(3), zone: STAGING });
    const second = follow();
    await until(() => seen.length === 4);
    await second.stop();
    expect(seen).toEqual(['1', '2', '3', '4']);
  });

  test('that begins at the end hears only of what comes later', async () => {
    const { journal, seen, follow } = await feedOf(3);
    const follower = follow({ first: 'end' });
    await until(async () => (await journal.cursor(READER)) === '3');
    await create(journal, { op: opNumber(3), zone: STAGING });
    await until(() => seen.length === 1);
    await follower.stop();
    expect(seen).toEqual(['4']);
  });

  test('tries the same entry again when that failed, more and more slowly, and moves its cursor only then', async () => {
    const { problems, seen, follow, cursor } = await feedOf(2);
    const cursors: string[] = [];
    const slept: number[] = [];
    const follower = follow({
      async handle(item) {
        cursors.push(await cursor());
        if (item.cursor === '2' && cursors.length < 8) throw new Error('not yet');
        seen.push(item.cursor);
        return 'handled';
      },
      sleep: async (ms) => void slept.push(ms),
    });
    await until(async () => (await cursor()) === '2');
    await follower.stop();
    expect(seen).toEqual(['1', '2']);
    expect(cursors).toEqual(['0', ...Array(7).fill('1')]);
    expect(slept).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    expect(problems).toHaveLength(6);
  });

  test('saves its cursor now and then where all is passed over', async () => {
    const { follow, cursor } = await feedOf(250);
    let passed = 0;
    const follower = follow({
      async handle() {
        passed += 1;
        return 'passed over';
      },
    });
    await until(() => passed === 250);
    await follower.stop();
    expect(await cursor()).toBe('200');
  });

  test('goes on while its cursor is being saved, which is saved when it has stopped', async () => {
    const { journal, seen, follow, cursor } = await feedOf(4);
    const written = Promise.withResolvers<void>();
    const saved: string[] = [];
    const follower = follow({
      journal: {
        ...journal,
        async saveCursor(reader, at) {
          await written.promise;
          saved.push(at);
          await journal.saveCursor(reader, at);
        },
      },
    });
    await until(() => seen.length === 4);
    expect(saved).toEqual([]);
    const stopped = follower.stop();
    written.resolve();
    await stopped;
    expect([saved, await cursor()]).toEqual([['1', '4'], '4']);
  });

  test('goes back to where its cursor is when that cannot be saved, and says so', async () => {
    const { journal, seen, problems, follow } = await feedOf(2);
    const failures = [new Error('no room')];
    const follower = follow({
      journal: {
        ...journal,
        async saveCursor(reader, at) {
          const failure = failures.pop();
          if (failure) throw failure;
          await journal.saveCursor(reader, at);
        },
      },
      sleep: async () => {},
    });
    await until(() => seen.at(-1) === '2');
    await follower.stop();
    expect(problems).toMatchObject([{ message: 'no room' }]);
    expect(seen.filter((at) => at === '1')).toHaveLength(2);
  });

  test('stops in the middle of an entry without having handled it', async () => {
    const { follow, cursor, problems } = await feedOf(1);
    const begun = Promise.withResolvers<void>();
    const follower = follow({
      handle: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          begun.resolve();
        }),
    });
    await begun.promise;
    await follower.stop();
    expect([await cursor(), problems]).toEqual(['0', []]);
  });
});
