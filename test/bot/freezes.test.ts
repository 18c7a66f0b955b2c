import { describe, expect, test } from 'vitest';
import type { Freeze } from '../../src/policies/freezes.ts';
import { createWorld } from './world.ts';

const FROZEN =
  'staging is frozen by rik since 2026-11-18 14:00 UTC until 2026-11-18 16:00 UTC: "koji is upgraded" (!thaw staging ends it)';
const hour = (at: number) => Date.UTC(2026, 10, 18, at);
const window: Freeze = {
  on: 'staging',
  because: 'the end of the year',
  from: hour(15),
  until: hour(18),
  except: { commands: ['reimage'], groups: ['interns'] as never },
  set: { place: 'signalbox.yaml:31' },
};

async function frozen() {
  const world = await createWorld();
  expect(await world.says('rik', '!freeze staging for=2h koji is upgraded')).toEqual([
    'staging is frozen by rik until 2026-11-18 16:00 UTC: "koji is upgraded"; what runs goes on',
  ]);
  return world;
}

describe('a freeze by hand', () => {
  test('refuses what is asked for, with who, why and until when', async () => {
    const { says } = await frozen();
    expect(await says('ana', '!clean builder-01')).toEqual([`ana: ${FROZEN}`]);
    expect(await says('ana', '!plan clean builder-01')).toEqual([`ana: ${FROZEN}`]);
    expect(await says('ana', '!why clean builder-01')).toContain(`in its way: ${FROZEN}`);
  });

  test('is listed, and in the status of everything and of a host', async () => {
    const { says } = await frozen();
    expect(await says('kim', '!locks')).toEqual([FROZEN]);
    expect((await says('kim', '!status'))[0]).toBe(FROZEN);
    expect((await says('kim', '!status builder-01'))[1]).toBe(FROZEN);
  });

  test('tells people whom the directory does not know only that it stands', async () => {
    const { says } = await frozen();
    const lines = await says('zoe', '!status');
    expect(lines[0]).toBe('frozen: nothing starts now');
    expect(lines.join(' ')).not.toContain('rik');
  });

  test('is over at its end, or when somebody thaws it', async () => {
    const { says, passes } = await frozen();
    await passes(120);
    expect(await says('kim', '!locks')).toEqual(['nothing is locked']);
    await says('rik', '!freeze everything the network is moved');
    expect((await says('ana', '!clean builder-01'))[0]).toContain('everything is frozen by rik');
    expect(await says('rik', '!thaw everything')).toEqual(['everything is thawed by rik']);
    expect(await says('rik', '!thaw everything')).toEqual(['everything is not frozen']);
    expect((await says('ana', '!clean builder-01'))[0]).toContain('op-1 clean builder-01');
  });

  test('takes the place of one on the same, and says so', async () => {
    const { says } = await frozen();
    expect(await says('rik', '!freeze staging for=3h koji takes longer')).toEqual([
      'staging is frozen by rik until 2026-11-18 17:00 UTC: "koji takes longer"; what runs goes on',
      `instead of: ${FROZEN}`,
    ]);
  });

  test('lets go on what it excepts', async () => {
    const { says } = await createWorld();
    await says('rik', '!freeze staging except=clean koji is upgraded');
    expect((await says('ana', '!clean builder-01'))[0]).toContain('op-1 clean builder-01');
    expect((await says('ana', '!reimage builder-02'))[0]).toContain('except clean (!thaw staging');
    expect(await says('rik', '!freeze staging except=cleen x')).toEqual([
      'except=cleen: no operation is called that, did you mean clean?',
    ]);
  });

  test('is refused to people without the right, and on what is not there', async () => {
    const { says } = await createWorld();
    expect(await says('ana', '!freeze staging x')).toEqual([
      'ana is in sysadmin-builders; freeze on staging is granted to root (signalbox.yaml:22). Ask somebody of root.',
    ]);
    expect((await says('ana', '!thaw everything'))[0]).toContain('thaw is granted to root');
    expect(await says('rik', '!freeze stagin x')).toEqual([
      'there is no zone or environment stagin, did you mean staging?',
    ]);
    expect(await says('rik', '!freeze staging until=2026-11-18T13:00 x')).toEqual([
      'until=2026-11-18T13:00 is over already',
    ]);
    expect(await says('kim', '!locks')).toEqual(['nothing is locked']);
  });
});

describe('a freeze of what was asked for before', () => {
  test('lets it wait once it is approved, and starts it when it is over', async () => {
    const { says, reacts, passes } = await createWorld();
    await says('ana', '!clean builder-01');
    await says('rik', '!freeze staging for=2h koji is upgraded');
    const heard = await reacts('ben', '👍');
    expect(heard).toEqual(['op-1 approved by ben, starting', `op-1 waits: ${FROZEN}`]);
    expect((await says('kim', '!status op-1'))[0]).toContain(`waits: ${FROZEN}`);
    expect(await passes(119)).toEqual([]);
    expect(await passes(1)).toContain('op-1 1/4 disable builder-01');
  });

  test('starts it at once when it is thawed, and a cancel ends it before', async () => {
    const { says, reacts, prompts } = await createWorld();
    for (const host of ['builder-01', 'builder-02']) await says('ana', `!clean ${host}`);
    await says('rik', '!freeze staging koji is upgraded');
    for (const prompt of prompts()) await reacts('ben', '👍', prompt);
    expect((await says('ana', '!cancel op-2')).join(' ')).toContain('op-2 CANCELLED');
    expect(await says('rik', '!thaw staging')).toContain('op-1 1/4 disable builder-01');
  });

  test('does not stop what runs from being taken back', async () => {
    const { says, farm } = await createWorld();
    farm.builds('builder-01', 'buildArch kernel');
    await says('rik', '!clean builder-01');
    await says('rik', '!freeze staging koji is upgraded');
    expect((await says('rik', '!cancel op-1')).join(' ')).toContain('op-1 CANCELLED');
    expect(farm.isEnabled('builder-01')).toBe(true);
  });

  test('keeps nobody in line who may go on', async () => {
    const { says, reacts, farm, passes } = await createWorld();
    for (const number of [1, 2, 3]) farm.builds(`builder-0${number}`, 'buildArch kernel');
    await says('ana', '!reimage builder-04');
    await says('rik', '!clean builder-[01-03]');
    expect((await reacts('ben', '👍')).join(' ')).toContain(
      '2nd in line for @builders behind op-4',
    );
    await says('rik', '!freeze staging except=reimage koji is upgraded');
    expect((await passes(1)).join(' ')).toContain('op-4 waits: staging is frozen');
    expect((await says('rik', '!cancel op-2')).join(' ')).toContain('op-1 1/8 disable builder-04');
    expect((await says('kim', '!status op-4'))[0]).toContain('waits: staging is frozen');
  });
});

describe('a freeze of the configuration', () => {
  test('is shown before it begins, and refuses from then on until its end', async () => {
    const { says, passes } = await createWorld({ freezes: [window] });
    const words =
      'staging is frozen from 2026-11-18 15:00 UTC until 2026-11-18 18:00 UTC: "the end of the year"; except reimage, what interns asks for (signalbox.yaml:31)';
    expect(await says('kim', '!locks')).toEqual([words]);
    expect((await says('kim', '!status'))[0]).not.toContain('frozen');
    await passes(60);
    expect(await says('ana', '!clean builder-01')).toEqual([`ana: ${words}`]);
    expect((await says('gus', '!clean builder-01'))[0]).toContain('op-1 clean builder-01');
    expect(await says('rik', '!thaw staging')).toEqual([`${words}: change it there and reload`]);
    await passes(180);
    expect((await says('ana', '!clean builder-02'))[0]).toContain('op-2 clean builder-02');
  });
});
