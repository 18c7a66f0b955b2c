import { beforeEach, expect, it } from 'vitest';
import { countWaiting } from '../../src/bot/waiting-operations.ts';
import type { Journal, OpRef } from '../../src/jobs/journal/journal.ts';
import { createWorld, type World } from './world.ts';

let world: World;
let read: OpRef['op'][];
let waiting: () => Promise<number>;

beforeEach(async () => {
  world = await createWorld();
  read = [];
  const { journal } = world;
  const counted: Pick<Journal, 'read' | 'lengths'> = {
    lengths: journal.lengths,
    read(ref, from) {
      read.push(ref.op);
      return journal.read(ref, from);
    },
  };
  const count = countWaiting(counted);
  waiting = async () => count(await journal.open());
});

const took = () => read.splice(0).length;

it('counts operations that wait for somebody, and none that goes on or has ended', async () => {
  await world.says('ana', '!clean builder-01');
  await world.says('ana', '!clean builder-02');
  expect(await waiting()).toBe(2);
  await world.says('ben', '!approve op-1 CODE');
  expect(await waiting()).toBe(1);
});

it('reads only what has grown since it counted last', async () => {
  await world.says('ana', '!clean builder-01');
  await world.says('ana', '!clean builder-02');
  expect([await waiting(), took()]).toEqual([2, 2]);
  expect([await waiting(), took()]).toEqual([2, 0]);
  await world.says('ben', '!deny op-1 CODE');
  await world.says('ana', '!clean builder-03');
  expect([await waiting(), took()]).toEqual([2, 1]);
});
