import { describe, expect, test } from 'vitest';
import { type PoolName, UserId } from '../../src/domain/ids.ts';
import type { BreakGlass, Holder } from '../../src/policies/break-glass.ts';
import { createWorld, type World } from './world.ts';

const ana = UserId.parse('ana');
const ben = UserId.parse('ben');
const cat = UserId.parse('cat');

function holder(id: UserId, ...others: readonly [string, string][]): Holder {
  return { id, accounts: new Map([['matrix', id], ...others]) };
}

const EMERGENCY: BreakGlass = {
  name: 'emergency',
  place: 'signalbox.yaml:40',
  holders: [holder(ana), holder(ben), holder(cat)],
  allow: ['clean', 'lock'],
  on: { pools: ['builders' as PoolName] },
  lastsMs: 60 * 60_000,
};

interface Site extends World {
  glass: BreakGlass;
}

async function site(): Promise<Site> {
  let glass = EMERGENCY;
  const world = await createWorld({ breakGlass: () => glass });
  return Object.defineProperty(world, 'glass', {
    get: () => glass,
    set: (next: BreakGlass) => {
      glass = next;
    },
  }) as Site;
}

/** The directory is away and two holders have opened the glass. */
async function openSite(): Promise<Site> {
  const world = await site();
  world.people.goesAway();
  await world.says('ana', '!glass open both LDAP servers are down');
  await world.says('ben', '!glass open');
  return world;
}

const said = (world: World) => world.heard('#builders');

describe('the break-glass', () => {
  test('is opened by two holders together while the directory cannot be asked, and every channel hears of it', async () => {
    const world = await site();
    world.people.goesAway();
    const elsewhere = await world.says('ana', '!glass open both LDAP servers are down');
    expect(elsewhere).toEqual([
      'break-glass emergency: ana asks to open it: both LDAP servers are down · ben or cat confirms: !glass open',
    ]);
    await world.says('ben', '!glass open', { channel: '#builders' });
    const asked =
      'BREAK-GLASS emergency: ana asks to open it: both LDAP servers are down · ben or cat confirms within 10 min: !glass open';
    const opened =
      'BREAK-GLASS emergency OPEN until 15:00 UTC: both LDAP servers are down · opened by ana and ben';
    expect(world.heard('#builders')).toEqual([asked, opened]);
    expect(world.heard('#mirrors')).toEqual([asked, opened]);
    expect(world.heard('#on-call')).toEqual([asked, opened]);
    expect(await world.says('kim', '!glass')).toEqual([
      'break-glass emergency is open until 15:00 UTC, by ana and ben: both LDAP servers are down',
    ]);
    expect(world.problems).toEqual([]);
  });

  test('stays closed while the directory answers', async () => {
    const world = await site();
    expect(await world.says('ana', '!glass open I would like to')).toEqual([
      'ana: the directory answers, so break-glass emergency stays closed. The ordinary rules decide.',
    ]);
    expect(said(world)).toEqual([]);
  });

  test('is not confirmed once the directory is well again', async () => {
    const world = await site();
    world.people.goesAway();
    await world.says('ana', '!glass open both LDAP servers are down');
    world.people.comesBack();
    expect(await world.says('ben', '!glass open')).toEqual([
      'ben: the directory answers, so break-glass emergency stays closed. The ordinary rules decide.',
    ]);
  });

  test('is not opened by one holder who comes twice, from another network neither', async () => {
    const world = await site();
    world.glass = {
      ...EMERGENCY,
      holders: [holder(ben), { id: ana, accounts: new Map([['matrix', 'ana']]) }],
    };
    world.people.goesAway();
    await world.says('ana', '!glass open both LDAP servers are down');
    const twice = [
      'ana asked for it already, and it takes two people. Ask ben to type !glass open.',
    ];
    expect(await world.says('ana', '!glass open')).toEqual(twice);
    world.glass = {
      ...world.glass,
      holders: [holder(ben), { id: ana, accounts: new Map([['matrix', 'ana@home']]) }],
    };
    expect(await world.says('ana@home', '!glass open')).toEqual([`ana@home: ${twice[0]}`]);
  });

  test('is not for strangers, nor for an account that two holders claim', async () => {
    const world = await site();
    world.people.goesAway();
    const refused = (who: string) => [
      `${who}: break-glass emergency is for its holders. Ask ana or ben or cat.`,
    ];
    expect(await world.says('dan', '!glass open let me in')).toEqual(refused('dan'));
    expect(await world.says('ana', '!glass open me', { vouched: false })).toEqual([
      'ana: matrix does not vouch for who you are. Log in there first.',
    ]);
    const both = { id: ben, accounts: new Map([['matrix', 'ana']]) };
    world.glass = { ...EMERGENCY, holders: [holder(ana), both] };
    expect(await world.says('ana', '!glass open me')).toEqual([
      'ana: break-glass emergency is for its holders. Ask ana or ben.',
    ]);
  });

  test('is forgotten when nobody confirms in time', async () => {
    const world = await site();
    world.people.goesAway();
    await world.says('ana', '!glass open both LDAP servers are down');
    await world.passes(10);
    expect(await world.says('ben', '!glass open')).toEqual([
      'ben: nobody asked for it yet. Say why: !glass open REASON.',
    ]);
  });

  test('lets one holder ask and another approve, and marks all of it', async () => {
    const world = await openSite();
    expect(await world.says('ana', '!clean builder-01')).toEqual([
      'ana: op-1 clean builder-01 · staging · 4 steps, about 10 min · takes @builders from 6/6 to 5/6 (at least 4) · BREAK-GLASS emergency',
      'no way back after step 3 (wipe) · needs 1 approval from glass:emergency: !approve op-1 CODE or 👍 · !show op-1',
    ]);
    expect(await world.reacts('ana', '👍')).toEqual([
      'ana asked for op-1, and nobody approves their own request. Ask somebody of glass:emergency.',
    ]);
    expect((await world.reacts('ben', '👍'))[0]).toBe(
      'op-1 approved by ben, starting · BREAK-GLASS emergency',
    );
    world.farm.finishes('builder-01');
    const lines = [...(await world.passes(1)), ...(await world.passes(1))];
    expect(lines).toContainEqual(expect.stringContaining('DONE'));
    expect(lines).toContainEqual(expect.stringContaining('under BREAK-GLASS emergency'));
    expect(said(world)).toContain('BREAK-GLASS emergency: ana types clean builder-01');
    expect(said(world)).toContainEqual(
      expect.stringMatching(/^BREAK-GLASS emergency: ben types 👍 op-/),
    );
    const [ref] = await world.journal.recent(1);
    const entries = ref === undefined ? [] : await world.journal.read(ref);
    const marked = entries.filter(({ by }) => by !== 'engine');
    expect(
      marked.map(({ event, by }) => ({ by, kind: event.kind, glass: Reflect.get(event, 'glass') })),
    ).toEqual([
      { by: 'ana', kind: 'requested', glass: 'emergency' },
      { by: 'ben', kind: 'approved', glass: 'emergency' },
    ]);
    expect(marked.every(({ unvouched, signature }) => signature && !unvouched)).toBe(true);
    world.people.comesBack();
    const deeds = await world.says('rik', '!audit');
    const [refused, ...done] = deeds.toSorted(
      (a, b) => Number(/refused/.test(b)) - Number(/refused/.test(a)),
    );
    expect(refused).toMatch(/ana was refused on .* nobody approves their own request$/);
    expect(done).toHaveLength(2);
    expect(done.every((line) => line.endsWith(' · BREAK-GLASS emergency'))).toBe(true);
  });

  test('grants what it names and nothing else, and to nobody else', async () => {
    const world = await openSite();
    expect(await world.says('ana', '!reimage builder-01')).toEqual([
      expect.stringContaining('ana is in glass:emergency; reimage on builder-01'),
    ]);
    expect(await world.says('dan', '!clean builder-01')).toEqual([
      'dan: ldap did not answer (connection refused), so nobody can say what you may do. Try again once it is back.',
    ]);
    expect(await world.operations()).toEqual([]);
  });

  test('does not approve what was asked for under the ordinary rules', async () => {
    const world = await site();
    await world.says('cat', '!clean builder-01');
    world.people.goesAway();
    await world.says('ana', '!glass open both LDAP servers are down');
    await world.says('ben', '!glass open');
    expect(await world.reacts('ana', '👍')).toEqual([
      'ana is in glass:emergency; approving op-1 takes somebody of sysadmin-builders. Ask somebody of sysadmin-builders.',
    ]);
  });

  test('closes by itself when its time is over, and then nothing more is done under it', async () => {
    const world = await openSite();
    await world.says('ana', '!clean builder-01');
    await world.passes(60);
    expect(said(world).at(-1)).toMatch(/^BREAK-GLASS emergency CLOSED: its time is over/);
    expect(await world.reacts('ben', '👍')).toEqual([
      'ben: ldap did not answer (connection refused), so nobody can say what you may do. Try again once it is back.',
    ]);
    expect(await world.says('ana', '!clean builder-02')).toEqual([
      expect.stringContaining('ldap did not answer'),
    ]);
  });

  test('closes by itself when the directory is back', async () => {
    const world = await openSite();
    await world.says('ana', '!clean builder-01');
    world.people.comesBack();
    await world.passes(1);
    expect(said(world)).toContain('BREAK-GLASS emergency CLOSED: the directory answers again');
    expect(await world.reacts('ben', '👍')).toEqual([
      'ben is in sysadmin-builders; approving op-1 takes somebody of glass:emergency. Ask somebody of glass:emergency.',
    ]);
  });

  test.each([
    ['goes on where they grant it as well', cat, /1\/4 disable/],
    [
      'is refused where they do not',
      UserId.parse('dan'),
      /REFUSED.*approved under break-glass emergency, and the directory answers again: ask for it again/,
    ],
  ])(
    'leaves what was approved to the ordinary rules once the directory is back: it %s',
    async (_, approver, end) => {
      const world = await site();
      world.glass = { ...EMERGENCY, holders: [holder(ana), holder(approver)] };
      world.people.goesAway();
      await world.says('ana', '!glass open both LDAP servers are down');
      await world.says(approver, '!glass open');
      await world.says('ana', '!clean builder-01');
      world.workersGo();
      await world.reacts(approver, '👍');
      world.people.comesBack();
      expect(await world.workersComeBack()).toContainEqual(expect.stringMatching(end));
    },
  );

  test('is closed by a holder before its time', async () => {
    const world = await openSite();
    await world.says('cat', '!glass close done');
    expect(said(world).at(-1)).toBe('BREAK-GLASS emergency CLOSED by cat: done');
    expect(await world.says('ana', '!clean builder-01')).toEqual([
      expect.stringContaining('ldap did not answer'),
    ]);
  });

  test('is of no use to a holder whom a reload removed, and closed when that was one of the two', async () => {
    const world = await openSite();
    world.glass = { ...EMERGENCY, holders: [holder(ana), holder(ben)] };
    expect(await world.says('cat', '!clean builder-01')).toEqual([
      expect.stringContaining('ldap did not answer'),
    ]);
    expect(await world.says('ana', '!clean builder-02')).toHaveLength(2);
    world.glass = { ...EMERGENCY, holders: [holder(ana), holder(cat)] };
    expect(await world.says('ana', '!clean builder-03')).toEqual([
      expect.stringContaining('ldap did not answer'),
    ]);
  });

  test('holds no approval of a holder who was removed before the start', async () => {
    const world = await openSite();
    await world.says('ana', '!clean builder-01');
    world.workersGo();
    await world.reacts('cat', '👍');
    world.glass = { ...EMERGENCY, holders: [holder(ana), holder(ben)] };
    const heard = await world.workersComeBack();
    expect(heard).not.toContainEqual(expect.stringContaining('1/3'));
  });
});
