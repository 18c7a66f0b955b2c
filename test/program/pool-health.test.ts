import { expect, test } from 'vitest';
import type { HostName, PoolName } from '../../src/domain/ids.ts';
import type { BuildFarmReads } from '../../src/jobs/ports/build-farm.ts';
import { poolHealth } from '../../src/program/pool-health.ts';
import { inventoryOf, SIX_BUILDERS } from '../bot/fixture/inventory.ts';
import { partly } from '../partly.ts';

const builders = 'builders' as PoolName;

/** A build system that answers when it is told to. */
function slowFarm({ waited = () => new Promise<void>(() => {}) } = {}) {
  const waiting: ((hosts: readonly HostName[]) => void)[] = [];
  let at = 0;
  const inventory = inventoryOf(SIX_BUILDERS);
  const farm = partly<BuildFarmReads>({
    outOfService: () => new Promise((resolve) => waiting.push(resolve)),
  });
  const health = poolHealth({
    inventory: () => inventory,
    farmOf: () => farm,
    report: () => undefined,
    clock: () => at,
    waited,
  });
  return {
    health,
    asked: () => waiting.length,
    says: (...hosts: string[]) => waiting.at(-1)?.(hosts as HostName[]),
    passes: (ms: number) => {
      at += ms;
    },
  };
}

test('who only looks waits for the build system once, however many look', async () => {
  const { health, asked, says } = slowFarm();
  const looks = [1, 2, 3].map(() => health(builders, 'cached'));
  says('builder-01');
  expect(await Promise.all(looks)).toEqual(Array(3).fill(['builder-01']));
  expect(await health(builders, 'cached')).toEqual(['builder-01']);
  expect(asked()).toBe(1);
});

test('who looks later gets what is new where that comes soon', async () => {
  const { health, says, passes } = slowFarm();
  const first = health(builders, 'cached');
  says('builder-01');
  await first;
  passes(6_000);
  const later = health(builders, 'cached');
  says();
  expect(await later).toEqual([]);
});

test('who looks later gets what is remembered of a slow build system, and the next one what is new', async () => {
  const { health, says, passes } = slowFarm({ waited: async () => undefined });
  const first = health(builders, 'cached');
  says('builder-01');
  await first;
  passes(6_000);
  expect(await health(builders, 'cached')).toEqual(['builder-01']);
  says('builder-02');
  await new Promise(setImmediate);
  expect(await health(builders, 'cached')).toEqual(['builder-02']);
});

test('what is a minute old is not told any more', async () => {
  const { health, says, passes } = slowFarm();
  const first = health(builders, 'cached');
  says('builder-01');
  await first;
  passes(60_000);
  const late = health(builders, 'cached');
  says();
  expect(await late).toEqual([]);
});

test('who decides always asks', async () => {
  const { health, says, asked } = slowFarm();
  for (const host of ['builder-01', 'builder-02']) {
    const decides = health(builders, 'fresh');
    says(host);
    expect(await decides).toEqual([host]);
  }
  expect(asked()).toBe(2);
});

test('where there is no build system nobody knows, and nothing is reported', async () => {
  const inventory = inventoryOf(SIX_BUILDERS);
  const problems: unknown[] = [];
  const health = poolHealth({
    inventory: () => inventory,
    farmOf: () => undefined,
    report: (problem) => problems.push(problem),
  });
  expect(await health(builders, 'fresh')).toBeUndefined();
  expect(problems).toEqual([]);
});
