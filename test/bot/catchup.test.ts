import { describe, expect, test } from 'vitest';
import { createWorld, ON_CALL } from './world.ts';

/** One that is done, one that asks, one that waits for approval, and a lock. */
async function busyMorning() {
  const world = await createWorld();
  await world.says('rik', '!clean builder-01');
  await world.passes(60);
  await world.says('ana', '!clean builder-03');
  world.troubles.set('test', 'no such device');
  await world.says('rik', '!clean builder-02');
  await world.passes(1);
  await world.says('ben', '!lock builder-05 debugging the kernel');
  return world;
}

describe('catching up', () => {
  test('says what waits, what ended and what was locked since then, in a few lines', async () => {
    const { says } = await busyMorning();
    expect(await says('kim', '!catchup 2h')).toEqual([
      'since 13:01 UTC (2 h): 1 ended · 2 open · 2 waiting for somebody · 1 new lock',
      'op-3 clean builder-02 · asks: test: mount /dev/sdb: no such device · builder-02 is disabled · asked by rik 60 s ago',
      'op-2 clean builder-03 · waits for 1 of sysadmin-builders (code CODE) until 15:30 UTC · asked by ana 60 s ago',
      expect.stringMatching(
        /^op-1 clean builder-01 · succeeded: every step is done · asked by rik/,
      ),
      expect.stringMatching(/^builder-05 is locked by ben.*debugging the kernel/),
    ]);
  });

  test('leaves out what ended before, and keeps what is still open', async () => {
    const { says, passes } = await busyMorning();
    await passes(20);
    const [head, ...lines] = await says('kim', '!catchup 10m');
    expect(head).toBe('since 15:11 UTC (10 min): 0 ended · 2 open · 2 waiting for somebody');
    expect(lines.map((line) => line.slice(0, 4))).toEqual(['op-3', 'op-2']);
  });

  test('begins at the last word of whoever asks, and a day ago for somebody who said none', async () => {
    const { says, passes } = await busyMorning();
    await passes(20);
    expect((await says('rik', '!catchup'))[0]).toMatch(/^since 15:00 UTC \(21 min\): 1 ended/);
    expect((await says('kim', '!catchup'))[0]).toMatch(/^since 2026-11-17 15:21 UTC \(24 h\)/);
  });

  test('takes a time of the day or a date, and nothing that is to come or is no time', async () => {
    const { says, passes } = await busyMorning();
    expect((await says('kim', '!catchup 14:30'))[0]).toMatch(/^since 14:30 UTC \(31 min\)/);
    expect((await says('kim', '!catchup 15:30'))[0]).toMatch(/^since 2026-11-17 15:30 UTC/);
    await passes(1);
    expect((await says('kim', '!catchup 2026-11-18T14:30'))[0]).toMatch(/^since 14:30 UTC/);
    for (const wrong of ['soon', '25:99', '2027-01-01T00:00', '0h']) {
      expect(await says('kim', `!catchup ${wrong}`)).toEqual([
        `kim: "${wrong}" is no time that has passed. Type one such as 30m, 2h, 1d, 14:00 (UTC) or 2026-11-21T14:00.`,
      ]);
    }
  });

  test('is about what its channel hears of', async () => {
    const { says, heard } = await busyMorning();
    await says('kim', '!catchup 2h', { channel: '#mirrors' });
    expect(heard('#mirrors')[0]).toMatch(/: 0 ended · 0 open/);
    await says('kim', '!catchup 2h', { channel: '#builders' });
    expect(heard('#builders').filter((line) => line.startsWith('since'))[0]).toMatch(/1 ended/);
    expect(heard(ON_CALL)).toEqual([]);
  });

  test('reads no more of a long absence than the newest operations, and says so', async () => {
    const world = await createWorld({ private: true });
    for (let turn = 0; turn < 201; turn += 1) {
      await world.says('ana', '!clean builder-01');
      await world.says('ana', `!cancel op-${turn + 1}`);
    }
    await world.passes(1);
    const lines = await world.says('kim', '!catchup 1d');
    expect(lines).toHaveLength(8);
    expect(lines[0]).toMatch(/200 ended · 0 open/);
    expect(lines.at(-2)).toBe('and 195 more like these');
    expect(lines.at(-1)).toMatch(/^what was asked for before 14:00 UTC and is over is not in this/);
  });

  test('is for people whom the directory knows', async () => {
    const { says } = await busyMorning();
    expect((await says('zoe', '!catchup'))[0]).toMatch(/^zoe: the directory does not know you/);
  });
});
