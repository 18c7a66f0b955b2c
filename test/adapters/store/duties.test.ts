import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedStore, embeddedStore } from '../../../src/adapters/store/embedded-store.ts';
import { redisDuties } from '../../../src/adapters/store/redis-duties.ts';
import type { DutyLease, DutyLeases } from '../../../src/bot/duties/duty-leases.ts';
import { until } from '../../until.ts';

const DUTY = 'talk on irc';

describe('leases of duties in Redis', () => {
  let store: EmbeddedStore;
  let one: DutyLeases;
  let two: DutyLeases;
  beforeAll(async () => {
    store = await embeddedStore();
    one = redisDuties(store.connection('commands'));
    two = redisDuties(store.connection('commands'));
  });
  afterAll(() => store.close());

  it('are given to one at a time, with a higher epoch each time', async () => {
    const before = performance.now();
    const lease = await one.take(DUTY, 'a', 5_000);
    expect(lease).toMatchObject({ epoch: 1 });
    expect(lease?.deadline).toBeGreaterThanOrEqual(before + 5_000);
    expect(await two.take(DUTY, 'b', 5_000)).toBeUndefined();
    expect(await two.take('learn', 'b', 5_000)).toMatchObject({ epoch: 1 });
    await one.release(DUTY, 'a');
    expect(await two.take(DUTY, 'b', 5_000)).toMatchObject({ epoch: 2 });
    await one.release(DUTY, 'a');
    expect(await one.take(DUTY, 'a', 5_000)).toBeUndefined();
    await two.release(DUTY, 'b');
  });

  it('run out by the clock of the store, and whoever had it cannot renew it then', async () => {
    await one.take(DUTY, 'a', 50);
    await until(async () => (await two.take(DUTY, 'b', 5_000)) !== undefined);
    expect(await one.renew(DUTY, 'a', 5_000)).toBeUndefined();
    expect(await two.renew(DUTY, 'b', 5_000)).toBeGreaterThan(performance.now());
    await two.release(DUTY, 'b');
  });

  it('tell for how long they were not renewed, unless they were let go of', async () => {
    expect(await one.take('new', 'a', 60)).not.toHaveProperty('silentMs');
    await one.renew('new', 'a', 60);
    let lease: DutyLease | undefined;
    await until(async () => {
      lease = await two.take('new', 'b', 60);
      return lease !== undefined;
    });
    expect(lease?.silentMs).toBeGreaterThanOrEqual(60);
    await two.release('new', 'b');
    expect(await one.take('new', 'a', 60)).not.toHaveProperty('silentMs');
  });
});
