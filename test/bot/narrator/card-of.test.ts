import { describe, expect, test } from 'vitest';
import type { Card } from '../../../src/bot/narrator/card.ts';
import { createWorld, type World } from '../world.ts';
import { cardText } from './card-text.ts';
import { cardNow } from './card-world.ts';

async function cardIn(world: World): Promise<Card> {
  const [ref] = await world.journal.recent(1);
  if (ref === undefined) throw new Error('nothing was requested');
  return cardNow(world, ref);
}

async function textIn(world: World): Promise<string> {
  const card = await cardIn(world);
  return cardText(card).join('\n').replaceAll(card.op, 'op-1');
}

describe('the card of an operation', () => {
  test('says what it needs before it starts, and where there is no way back', async () => {
    const world = await createWorld();
    await world.says('gus', '!clean builder-01');
    await world.reacts('ana', '👍');
    expect(await textIn(world)).toMatchInlineSnapshot(`
      "[asks] op-1 needs 2 approvals from sysadmin-builders, has 1
          clean builder-01 · asked by gus
          staging · approved by ana on matrix · takes @builders from 6/6 to 5/6 (at least 4)
          1 disable builder-01
          2 drain builder-01
          3 wipe builder-01 (no way back)
          4 test builder-01
          !show op-1"
    `);
  });

  test('says how far it is and what the step waits for', async () => {
    const world = await createWorld();
    world.farm.builds('builder-01', 'buildArch kernel');
    await world.says('rik', '!clean builder-01');
    await world.passes(1);
    expect(await textIn(world)).toMatchInlineSnapshot(`
      "[runs] op-1 2/4 drain builder-01
          clean builder-01 · asked by rik
          staging · takes @builders from 6/6 to 5/6 (at least 4)
        + 1 disable builder-01: 0 s
        > 2 drain builder-01: waiting for 1 task to finish: buildArch kernel (since 14:00 UTC)
          3 wipe builder-01 (no way back)
          4 test builder-01
          about 10 min left · !show op-1 · !log op-1"
    `);
  });

  test('says what failed, beside what is done', async () => {
    const world = await createWorld();
    world.troubles.set('test', 'no such device');
    await world.says('rik', '!clean builder-01');
    await world.passes(1);
    expect(await textIn(world)).toMatchInlineSnapshot(`
      "[asks] op-1 4/4 FAILED test: mount /dev/sdb: no such device · builder-01 is disabled
          clean builder-01 · asked by rik
          staging · takes @builders from 6/6 to 5/6 (at least 4)
        + 1 disable builder-01: 0 s
        + 2 drain builder-01: 60 s
        + 3 wipe builder-01 (no way back): 0 s
        ! 4 test builder-01: mount /dev/sdb: no such device
          !show op-1 · !log op-1"
    `);
  });

  test('says that nobody answered', async () => {
    const world = await createWorld();
    world.troubles.set('test', 'no such device');
    await world.says('rik', '!clean builder-01');
    await world.passes(1);
    await world.passes(31);
    expect((await cardIn(world)).mood).toBe('asks');
    expect((await cardIn(world)).headline).toMatch(/^4\/4 HELD: test: mount/);
  });

  test('says how it ended and why, and what was taken back', async () => {
    const world = await createWorld();
    world.farm.builds('builder-01', 'buildArch kernel');
    await world.says('rik', '!clean builder-01');
    await world.says('rik', '!cancel op-1 wrong host');
    expect(await textIn(world)).toMatchInlineSnapshot(`
      "[failed] op-1 CANCELLED in 0 s
          clean builder-01 · asked by rik
          wrong host · staging
        ~ 1 disable builder-01
          2 drain builder-01
          3 wipe builder-01 (no way back)
          4 test builder-01
          !show op-1 · !log op-1"
    `);
  });

  test('says that it is done, and how long each step took', async () => {
    const world = await createWorld();
    await world.says('rik', '!clean builder-01');
    await world.passes(1);
    expect(await textIn(world)).toMatchInlineSnapshot(`
      "[done] op-1 DONE in 60 s
          clean builder-01 · asked by rik
          staging
        + 1 disable builder-01: 0 s
        + 2 drain builder-01: 60 s
        + 3 wipe builder-01 (no way back): 0 s
        + 4 test builder-01: 0 s
          !show op-1 · !log op-1"
    `);
  });
});
