import { describe, expect, test } from 'vitest';
import { type OpId, ZoneName } from '../../src/domain/ids.ts';
import { createWorld, OPS } from './world.ts';

const many = (count: number) => Array.from({ length: count }, (_, nth) => nth);

/** All at once, as a network brings them that waits for no answer. */
async function burst(
  world: Awaited<ReturnType<typeof createWorld>>,
  lines: readonly (readonly [who: string, text: string])[],
) {
  const bring = ([who, text]: readonly [string, string], nth: number) =>
    world.network.bring({
      kind: 'message',
      ref: { channel: OPS, id: `burst-${nth}` },
      sender: { id: who.startsWith('guest') ? undefined : who, shown: who },
      text,
    });
  return world.meanwhile(() => Promise.all(lines.map(bring)));
}

describe('a burst of 200 commands', () => {
  test('of one person is answered a few times and then declined in one line', async () => {
    const world = await createWorld();
    const heard = await burst(
      world,
      many(200).map((nth) => ['ana', `!ops and ${nth}`] as const),
    );
    expect(heard).toHaveLength(21);
    expect(heard.filter((line) => line.includes('too many commands'))).toEqual([
      'ana: too many commands at once; "ops and 20" and what follows is not taken. Go on in 10 s; approvals and answers are always taken.',
    ]);
  });

  test('asking for the same again is answered once, and then shortly', async () => {
    const { says, network } = await createWorld();
    await says('kim', '!status');
    expect(network.posted.at(-1)?.lines.length).toBeGreaterThan(1);
    expect(await says('dan', '!status')).toEqual(['dan: the same as just now, see above']);
  });

  test('of many people is declined for the channel, once', async () => {
    const world = await createWorld();
    const people = ['ana', 'ben', 'cat', 'rik', 'gus', 'dan', 'kim'];
    const heard = await burst(
      world,
      many(200).map((nth) => [people[nth % 7] ?? '', '!ops'] as const),
    );
    expect(heard.filter((line) => line.includes('too many commands here'))).toHaveLength(1);
    expect(heard.filter((line) => line === 'no operation is open')).toHaveLength(60);
  });

  test('lets an approval through, before anything that was typed earlier', async () => {
    const world = await createWorld();
    await world.says('ana', '!clean builder-01');
    const [op = '' as OpId] = await world.operations();
    const asked = world.network.posted.at(-1)?.lines.join(' ') ?? '';
    const code = /approve \S+ ([0-9a-f]{4})/.exec(asked)?.[1];
    const heard = await burst(world, [
      ...many(100).map((nth) => [`guest-${nth % 5}`, '!status @builders'] as const),
      ...many(99).map(() => ['ben', '!plan clean @builders'] as const),
      ['ben', `!approve ${op} ${code}`],
    ]);
    const journal = await world.journal.read({ op, zone: ZoneName.parse('staging') });
    expect(journal.map(({ event }) => event.kind)).toContain('approved');
    const planned = heard.findIndex((line) => line.startsWith('clean builder-[01-06]'));
    expect(heard.indexOf('op-1 approved by ben, starting')).toBeGreaterThanOrEqual(0);
    expect(planned).toBeGreaterThanOrEqual(0);
  });

  test('of strangers leaves everybody else their part', async () => {
    const world = await createWorld();
    const heard = await burst(
      world,
      many(200).map((nth) => [`guest-${nth}`, '!help'] as const),
    );
    expect(heard.filter((line) => line.includes('too many commands here'))).toHaveLength(1);
    expect(await world.says('ana', '!ops')).toEqual(['no operation is open']);
  });

  test('is over after a while', async () => {
    const world = await createWorld();
    await burst(
      world,
      many(30).map(() => ['ana', '!ops'] as const),
    );
    expect(await world.says('ana', '!ops')).toEqual([]);
    await world.passes(1);
    expect(await world.says('ana', '!ops')).toEqual(['no operation is open']);
  });
});
