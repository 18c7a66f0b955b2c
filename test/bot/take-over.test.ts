import { describe, expect, test } from 'vitest';
import { createWorld } from './world.ts';

async function draining() {
  const world = await createWorld();
  world.farm.builds('builder-01', 'buildArch kernel');
  await world.says('gus', '!clean builder-01');
  for (const name of ['ana', 'ben']) await world.reacts(name, '👍');
  return world;
}

describe('taking a host from the operation that has it', () => {
  test('stops it, asks what is to become of it, and takes the host out of its groups', async () => {
    const { says } = await draining();
    const heard = await says('rik', '!unlock builder-01 the console says it burns');
    expect(heard[0]).toBe('op-1 is taken over by rik: the console says it burns');
    expect(heard.join(' ')).toContain(
      'taken over by rik before drain builder-01: the console says it burns',
    );
    expect((await says('kim', '!locks')).map((line) => line.split(' since ')[0])).toEqual([
      'builder-01 is locked by op-1 (clean builder-01, asked by gus)',
      'builder-01 is quarantined by rik',
    ]);
  });

  test('leaves it waiting for a person, however long nobody answers', async () => {
    const { says, passes } = await draining();
    await says('rik', '!unlock builder-01 it burns');
    for (let hour = 0; hour < 3; hour += 1) await passes(60);
    expect((await says('ana', '!show op-1'))[0]).toContain('held: taken over by rik');
    await says('rik', '!answer op-1 go-on');
    expect((await says('ana', '!show op-1'))[0]).not.toContain('taken over');
  });

  test('is not what it means when the unlocking of a lock by hand is brought again', async () => {
    const { says, reacts, farm, passes } = await createWorld();
    farm.builds('builder-01', 'buildArch kernel');
    await says('gus', '!clean builder-01');
    await says('rik', '!lock builder-01 new disks');
    for (const name of ['ana', 'ben']) await reacts(name, '👍');
    const unlock = () => says('rik', '!unlock builder-01', { id: 'once' });
    expect((await unlock())[0]).toBe('builder-01 is unlocked by rik');
    await passes(1);
    expect((await says('kim', '!locks'))[0]).toContain('builder-01 is locked by op-1');
    expect((await unlock()).join(' ')).not.toContain('taken over');
  });

  test('is refused to people without the right, and of what nobody has', async () => {
    const { says } = await draining();
    const [refused] = await says('ana', '!unlock builder-01');
    expect(refused).toContain('takeover on builder-01 (staging) is granted to root');
    expect(await says('rik', '!unlock builder-02')).toEqual(['builder-02 is not locked']);
    expect(await says('kim', '!locks')).toHaveLength(1);
  });
});

describe('a host in quarantine', () => {
  async function quarantined() {
    const world = await draining();
    await world.says('rik', '!unlock builder-01 it burns');
    await world.says('rik', '!cancel op-1');
    return world;
  }

  test('is in no group and no wildcard, and can be named', async () => {
    const { says } = await quarantined();
    expect(await says('rik', '!clean builder-[02-06]!@builders')).toEqual([
      'rik: builder-[02-06]!@builders (column 8): this leaves no host. Expected at least one host. For example: !clean builder-01',
    ]);
    expect(await says('rik', '!clean @builders!builder-0[2-6]')).toEqual([
      'rik: @builders!builder-0[2-6] (column 8): this leaves no host that is not in quarantine. Expected at least one host. For example: !clean builder-01',
    ]);
    expect((await says('rik', '!plan clean @builders')).join(' ')).not.toContain('builder-01');
    expect((await says('rik', '!clean builder-01'))[0]).toContain('clean builder-01');
  });

  test('is in its groups again when somebody releases it', async () => {
    const { says } = await quarantined();
    expect(await says('ana', '!release builder-01')).toEqual(['builder-01 is released by ana']);
    expect(await says('ana', '!release builder-01')).toEqual(['builder-01 is not in quarantine']);
    expect(await says('rik', '!clean @builders')).toEqual([
      'rik: that is 6 hosts (builder-[01-06]). If you mean all of them: !clean @builders count=6',
    ]);
  });

  test('is a host, and to release a pool frees no lock of it', async () => {
    const { says } = await quarantined();
    await says('rik', '!lock @mirrors the mirrors are moved');
    expect(await says('rik', '!release @mirrors')).toEqual([
      'only hosts are in quarantine, and @mirrors is none',
    ]);
    expect((await says('kim', '!locks')).join(' ')).toContain('@mirrors is locked by rik');
  });
});
