import { describe, expect, test } from 'vitest';
import { createWorld, type World } from './world.ts';

/** What is to be typed elsewhere. */
async function codeOf(world: World, who: string): Promise<string> {
  const [line = ''] = await world.says(who, '!identity link irc');
  return /!identity code (\S+)/.exec(line)?.[1] ?? '';
}

/** On IRC, the account `benny` is ben's from now on. */
async function linkedWorld(): Promise<World> {
  const world = await createWorld();
  await world.saysOnIrc('benny', `!identity code ${await codeOf(world, 'ben')}`);
  await world.says('ben', '!identity confirm benny');
  return world;
}

const DAY = 24 * 60;

describe('a link between a person and an account', () => {
  test('is made with a code that is carried over, once the person names the account that typed it', async () => {
    const world = await createWorld();
    expect((await world.saysOnIrc('benny', '!whoami'))[0]).toContain('ldap does not know benny');
    const [line = ''] = await world.says('ben', '!identity link irc');
    expect(line).toMatch(
      /^ben: within 10 min, on irc, from the account that is yours: !identity code \w{4}-\w{4}-\w{4} · then here: !identity confirm ACCOUNT$/,
    );
    const [code] = /\w{4}-\w{4}-\w{4}/.exec(line) ?? [];
    expect(await world.saysOnIrc('benny', `!identity code ${code}`)).toEqual([
      'benny: now ben says that this is theirs, where the code came from: !identity confirm benny',
    ]);
    expect((await world.saysOnIrc('benny', '!whoami'))[0]).toContain('ldap does not know benny');
    expect(await world.says('ben', '!identity')).toEqual([
      'irc benny typed your code; is that you? !identity confirm benny',
    ]);
    expect(await world.says('ben', '!identity confirm benny')).toEqual([
      'ben: irc benny is ben from now on, until 2027-05-17',
    ]);
    expect(await world.saysOnIrc('benny', '!whoami')).toEqual([
      'benny: on irc you are ben, in sysadmin-builders',
    ]);
    expect(await world.saysOnIrc('benny', '!identity')).toEqual([
      'irc benny is ben until 2027-05-17',
    ]);
    expect(world.problems).toEqual([]);
  });

  test('is not made for whoever saw the code and typed it first', async () => {
    const world = await createWorld();
    const code = await codeOf(world, 'ben');
    await world.saysOnIrc('mallory', `!identity code ${code}`);
    expect(await world.saysOnIrc('benny', `!identity code ${code}`)).toEqual([
      'benny: that is no code for irc, or it was used, or its time is over. Get another where you are known: !identity link irc.',
    ]);
    expect(await world.says('ben', '!identity confirm benny')).toEqual([
      'ben: it was mallory who typed your code, and not benny. Begin anew: !identity link irc.',
    ]);
    expect((await world.saysOnIrc('mallory', '!whoami'))[0]).toContain(
      'ldap does not know mallory',
    );
  });

  test('takes the person of the code to confirm, and not another', async () => {
    const world = await createWorld();
    await world.saysOnIrc('benny', `!identity code ${await codeOf(world, 'ben')}`);
    expect(await world.says('ana', '!identity confirm benny')).toEqual([
      'ana: nobody has typed a code of yours yet. Begin anew: !identity link NETWORK.',
    ]);
    expect((await world.saysOnIrc('benny', '!whoami'))[0]).toContain('ldap does not know benny');
  });

  test('is not made with a code whose time is over, of another network, or that was replaced', async () => {
    const world = await createWorld();
    const old = await codeOf(world, 'ben');
    await world.passes(10);
    const refused = (who: string) => expect.stringContaining(`${who}: that is no code for`);
    expect(await world.saysOnIrc('benny', `!identity code ${old}`)).toEqual([refused('benny')]);
    const first = await codeOf(world, 'ben');
    expect(await world.says('stranger', `!identity code ${first}`)).toEqual([refused('stranger')]);
    const second = await codeOf(world, 'ben');
    expect(await world.saysOnIrc('benny', `!identity code ${first}`)).toEqual([refused('benny')]);
    await world.saysOnIrc('benny', `!identity code ${second}`);
    await world.passes(10);
    expect(await world.says('ben', '!identity confirm benny')).toEqual([
      'ben: the time for your code is over. Begin anew: !identity link irc.',
    ]);
  });

  test('is made only from an account that the directory itself knows, and while it answers', async () => {
    const world = await linkedWorld();
    expect(await world.saysOnIrc('benny', '!identity link matrix')).toEqual([
      'benny: links are made from an account that the directory knows: ldap does not know benny. Type it on a network where it knows you.',
    ]);
    expect(await world.saysOnIrc('stranger', '!identity link matrix')).toEqual([
      expect.stringContaining('links are made from an account that the directory knows'),
    ]);
    expect(await world.says('ana', '!identity link xmpp')).toEqual([
      'ana: there is no network xmpp here. Name matrix or irc.',
    ]);
    const code = await codeOf(world, 'ana');
    world.people.goesAway();
    const silent = expect.stringContaining('ldap did not answer');
    expect(await world.saysOnIrc('annie', `!identity code ${code}`)).toEqual([silent]);
    expect(await world.says('ana', '!identity link irc')).toEqual([silent]);
    expect(await world.saysOnIrc('benny', '!whoami')).toEqual([silent]);
  });

  test('is none for an account that somebody in the directory has, or that several claim', async () => {
    const world = await createWorld();
    const code = await codeOf(world, 'ben');
    expect(await world.saysOnIrc('ana', `!identity code ${code}`)).toEqual([
      'ana: the directory knows irc ana as ana already. Nothing more to do.',
    ]);
    world.people.gains('shared', 'taken');
    expect(await world.saysOnIrc('shared', `!identity code ${code}`)).toEqual([
      'shared is claimed by ana and ben. Leave it with one of them.',
    ]);
    await world.saysOnIrc('benny', `!identity code ${code}`);
    world.people.gains('benny', 'cat');
    expect(await world.says('ben', '!identity confirm benny')).toEqual([
      "ben: irc benny is cat's in the directory. Have the directory corrected.",
    ]);
  });

  test('that an entry of another person claims as well gives the account to nobody', async () => {
    const world = await linkedWorld();
    world.people.gains('benny', 'cat');
    expect((await world.saysOnIrc('benny', '!whoami'))[0]).toBe(
      'benny: irc "benny" is cat\'s in the directory, and linked to ben. Ask ben to take the link back with identity unlink, or have the directory corrected.',
    );
    expect(await world.saysOnIrc('benny', '!clean builder-01')).toEqual([
      expect.stringContaining('linked to ben'),
    ]);
    world.people.gains('benny', 'taken');
    expect((await world.saysOnIrc('benny', '!whoami'))[0]).toContain('claimed by ana and ben');
    world.people.gains('benny', 'ben');
    expect((await world.saysOnIrc('benny', '!whoami'))[0]).toContain('you are ben');
  });

  test('is not taken over by another person before it is taken back', async () => {
    const world = await linkedWorld();
    const refused = async () => {
      await world.saysOnIrc('benny', `!identity code ${await codeOf(world, 'ana')}`);
      return world.says('ana', '!identity confirm benny');
    };
    expect(await refused()).toEqual([
      'ana: irc benny is linked to ben. Ask ben to take that back first: !identity unlink irc.',
    ]);
    expect(await world.says('ana', '!identity unlink irc')).toEqual([
      expect.stringContaining('no account on irc of that name is linked to ana'),
    ]);
    expect(await world.says('ben', '!identity unlink irc')).toEqual([
      "ben: irc benny is nobody's from now on",
    ]);
    expect((await world.saysOnIrc('benny', '!whoami'))[0]).toContain('ldap does not know benny');
    expect(await refused()).toEqual(['ana: irc benny is ana from now on, until 2027-05-17']);
  });

  test('is over after half a year unless it was renewed in the same way', async () => {
    const world = await linkedWorld();
    await world.passes(179 * DAY);
    expect((await world.saysOnIrc('benny', '!whoami'))[0]).toContain('you are ben');
    await world.passes(DAY);
    expect((await world.saysOnIrc('benny', '!whoami'))[0]).toContain(
      'ldap does not know benny, and the link to ben was over on 2027-05-17',
    );
    expect(await world.says('ben', '!identity')).toEqual([
      'irc benny is ben no more since 2027-05-17',
    ]);
    await world.saysOnIrc('benny', `!identity code ${await codeOf(world, 'ben')}`);
    await world.says('ben', '!identity confirm benny');
    expect((await world.saysOnIrc('benny', '!whoami'))[0]).toContain('you are ben');
  });

  test('is in the audit from its making to its end, also of the person and of the account, and not of others', async () => {
    const world = await linkedWorld();
    await world.passes(1);
    await world.says('ben', '!identity unlink irc');
    const deeds = [
      '2026-11-18 14:01 ben took the link of irc benny back',
      '2026-11-18 14:00 ben linked irc benny until 2027-05-17',
    ];
    for (const about of ['', ' ben', ' benny']) {
      expect(await world.says('rik', `!audit${about}`)).toEqual(deeds);
      await world.passes(5);
    }
    expect(await world.says('rik', '!audit ana')).toEqual([
      'nobody did anything about ana in the last 0 operations',
    ]);
  });

  test('that was refused is in the audit as well', async () => {
    const world = await createWorld();
    await world.saysOnIrc('mallory', `!identity code ${await codeOf(world, 'ben')}`);
    await world.says('ben', '!identity confirm benny');
    expect(await world.says('rik', '!audit ben')).toEqual([
      expect.stringContaining('ben was refused on matrix/#ops: identity confirm benny'),
    ]);
  });

  test('gives the rights of the person, and nobody approves their own request through it', async () => {
    const world = await linkedWorld();
    await world.says('ben', '!clean builder-01');
    const code = /!approve \S+ (\S+)/.exec(world.heard('#builders').join('\n'));
    const approve = code?.[0] ?? '';
    expect(await world.saysOnIrc('benny', approve)).toEqual([
      expect.stringContaining('ben asked for'),
    ]);
  });

  test('takes no more than five codes in ten minutes', async () => {
    const world = await createWorld();
    for (let nth = 1; nth <= 5; nth += 1) await world.says('ben', '!identity link irc');
    expect(await world.says('ben', '!identity link irc')).toEqual([
      'ben got 5 codes in 10 minutes. Wait a while.',
    ]);
    await world.passes(10);
    expect(await codeOf(world, 'ben')).not.toBe('');
  });
});
