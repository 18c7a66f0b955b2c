import { describe, expect, test } from 'vitest';
import { createWorld } from './world.ts';

/** Two operations of ana's: ben approved one, and she cancelled the other. */
async function afterTwo() {
  const world = await createWorld();
  await world.says('ana', '!clean builder-01');
  await world.reacts('ben', '👍');
  await world.passes(1);
  await world.says('ana', '!clean builder-02');
  await world.passes(1);
  await world.says('ana', '!cancel op-2 wrong host');
  return world;
}

describe('!audit', () => {
  test('says who did what to what, the newest first', async () => {
    const { says } = await afterTwo();
    expect(await says('rik', '!audit')).toEqual([
      '2026-11-18 14:02 ana cancelled op-2 clean builder-02: wrong host',
      '2026-11-18 14:01 ana asked for op-2 clean builder-02',
      '2026-11-18 14:00 ben approved op-1 clean builder-01',
      '2026-11-18 14:00 ana asked for op-1 clean builder-01',
    ]);
  });

  test.each([
    ['builder-01', ['ben approved op-1 clean builder-01', 'ana asked for op-1 clean builder-01']],
    ['ben', ['ben approved op-1 clean builder-01']],
    [
      'op-2',
      ['ana cancelled op-2 clean builder-02: wrong host', 'ana asked for op-2 clean builder-02'],
    ],
  ])('of %s leaves out the rest', async (about, deeds) => {
    const { says } = await afterTwo();
    const lines = await says('rik', `!audit ${about}`);
    expect(lines.map((line) => line.slice('2026-11-18 14:00 '.length))).toEqual(deeds);
  });

  test('of somebody who did nothing says so', async () => {
    const { says } = await afterTwo();
    expect(await says('rik', '!audit cat')).toEqual([
      'nobody did anything about cat in the last 2 operations',
    ]);
  });

  test('is for those whom a rule grants it', async () => {
    const { says } = await afterTwo();
    const [refused = ''] = await says('dan', '!audit');
    expect(refused).toMatch(/^dan is in developers; audit is granted to root/);
  });
});
