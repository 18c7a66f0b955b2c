import { describe, expect, it } from 'vitest';
import { memoryDoorbell } from '../../../src/adapters/simulated/memory-doorbell.ts';
import { OpId, ZoneName } from '../../../src/domain/ids.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';

const STAGING = ZoneName.parse('staging');
const ring = { op: OpId.parse('op-7k2m'), zone: STAGING, seq: 1, epoch: 0 };
const turn = () => new Promise(setImmediate);

describe('the doorbell in memory', () => {
  it('tells whoever answers in the zone, later and not at once', async () => {
    const doorbell = memoryDoorbell();
    const here: OpRef[] = [];
    const there: OpRef[] = [];
    doorbell.answer(STAGING, (ref) => here.push(ref));
    doorbell.answer(ZoneName.parse('production'), (ref) => there.push(ref));
    await doorbell.ring(ring);
    expect(here).toEqual([]);
    await turn();
    expect([here, there]).toEqual([[{ op: ring.op, zone: STAGING }], []]);
  });

  it('loses a ring that nobody answers', async () => {
    const doorbell = memoryDoorbell();
    const heard: OpRef[] = [];
    const stop = doorbell.answer(STAGING, (ref) => heard.push(ref));
    stop();
    await doorbell.ring(ring);
    await turn();
    expect(heard).toEqual([]);
  });
});
