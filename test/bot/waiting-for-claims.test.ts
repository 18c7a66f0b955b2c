import { describe, expect, test } from 'vitest';
import { createWorld } from './world.ts';

/** Four operations on a pool of which two hosts may be away. */
async function fourOfTwo() {
  const world = await createWorld();
  for (const number of [1, 2, 3, 4]) world.farm.builds(`builder-0${number}`, 'buildArch kernel');
  const heard = await world.says('rik', '!clean builder-[01-04]');
  return { ...world, heard };
}

describe('an operation that waits for claims', () => {
  test('says once what is in its way, and its place in line', async () => {
    const { heard } = await fourOfTwo();
    const full =
      '@builders may have 2 of 6 away at once; away now: builder-01 (op-1), builder-02 (op-2)';
    expect(heard.filter((line) => line.includes(' waits: '))).toEqual([
      `op-3 waits: ${full}`,
      `op-4 waits: ${full}; 2nd in line for @builders behind op-3`,
    ]);
  });

  test('stands in !ops and !show with the place it has now', async () => {
    const { says } = await fourOfTwo();
    await says('rik', '!cancel op-3');
    const lines = await says('ana', '!ops');
    expect(lines.find((line) => line.startsWith('op-4'))).toBe(
      'op-4 clean builder-04 · waits: @builders may have 2 of 6 away at once; away now: builder-01 (op-1), builder-02 (op-2) · asked by rik just now',
    );
    expect((await says('ana', '!show op-4'))[0]).not.toContain('in line');
  });

  test('begins in its turn when there is room again', async () => {
    const { says } = await fourOfTwo();
    const heard = await says('rik', '!cancel op-2');
    expect(heard).toContain('op-3 1/4 disable builder-03');
    expect(heard.some((line) => line.startsWith('op-4 1/'))).toBe(false);
    expect(await says('rik', '!cancel op-1')).toContain('op-4 1/4 disable builder-04');
  });
});

describe('a lock by hand with an end', () => {
  test('says until when, and is gone then', async () => {
    const { says, passes } = await createWorld();
    expect(await says('ana', '!lock builder-02 for=2h debugging the kernel')).toEqual([
      'builder-02 is locked by ana until 2026-11-18 16:00 UTC: "debugging the kernel"',
    ]);
    expect(await says('kim', '!locks')).toEqual([
      'builder-02 is locked by ana since 2026-11-18 14:00 UTC until 2026-11-18 16:00 UTC: "debugging the kernel" (!unlock builder-02 frees it)',
    ]);
    await passes(120);
    expect(await says('kim', '!locks')).toEqual(['nothing is locked']);
  });

  test('takes a moment with or without an offset', async () => {
    const { says } = await createWorld();
    expect(await says('ana', '!lock builder-02 until=2026-11-22T10:00 new disks')).toEqual([
      'builder-02 is locked by ana until 2026-11-22 10:00 UTC: "new disks"',
    ]);
    expect(await says('ana', '!lock builder-03 until=2026-11-22T10:00+01:00 new disks')).toEqual([
      'builder-03 is locked by ana until 2026-11-22 09:00 UTC: "new disks"',
    ]);
  });

  test.each([
    ['for=2 h', 'for=2 is not a time; expected how long, such as 30m, 2h or 3d'],
    ['until=2026-02-30T10:00 x', 'until=2026-02-30T10:00 is not a time; expected'],
    ['until=2026-11-18T13:59 x', 'until=2026-11-18T13:59 is over already'],
    ['until=2026-11-19T10:00 for=2h x', 'say until= or for=, not both'],
    ['for=4000d x', 'that is more than a year; leave the end out'],
  ])('is refused for %s', async (typed, because) => {
    const { says } = await createWorld();
    const [line] = await says('ana', `!lock builder-02 ${typed}`);
    expect(line).toContain(because);
    expect(await says('ana', '!locks')).toEqual(['nothing is locked']);
  });

  test('lets go on who waits for it, without anybody saying so', async () => {
    const { says, passes, meanwhile, workersGo, workersComeBack } = await createWorld();
    workersGo();
    await says('rik', '!clean builder-01');
    await says('ana', '!lock builder-01 for=30m new disks');
    await meanwhile(workersComeBack);
    expect((await says('ana', '!show op-1'))[0]).toContain('waits: builder-01 is locked by ana');
    const heard = await passes(30);
    expect(heard[0]).toContain('op-1 1/4');
  });
});
