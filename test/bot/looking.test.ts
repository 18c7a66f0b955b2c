import { describe, expect, test } from 'vitest';
import { createWorld } from './world.ts';

async function draining() {
  const world = await createWorld();
  world.farm.builds('builder-01', 'buildArch kernel');
  await world.says('rik', '!clean builder-01');
  return world;
}

const PLAN = [
  '1/8 disable builder-01 (routine, can be undone)',
  '2/8 drain builder-01 (routine, nothing to undo)',
  '3/8 prepare f43-builder@2026.11.18 (read-only, nothing to undo)',
  '4/8 reinstall builder-01 (destructive, no way back)',
  '5/8 wait for builder-01 (read-only, nothing to undo)',
  '6/8 configure builder-01 (disruptive, nothing to undo)',
  '7/8 restart builder-01 and prove f43-builder@2026.11.18 (disruptive, nothing to undo)',
  '8/8 put builder-01 back (routine, nothing to undo)',
];

function names(help: readonly string[]): string {
  return help.map((line) => line.split(' ')[0]).join(' ');
}

describe('!help', () => {
  test('shows a stranger only what is open to everybody', async () => {
    const { says } = await createWorld();
    expect(await says('eve', '!help')).toEqual([
      '!help · What you may type, or all about one command.',
      '!status · How everything is, or one host, pool, service or operation.',
      '!whoami · Who the directory says you are, and your groups.',
    ]);
  });

  test('shows a community member nothing that changes something', async () => {
    const { says } = await createWorld();
    expect(names(await says('kim', '!help'))).toBe(
      '!catchup !help !identity !locks !log !ops !plan !show !status !whoami !why',
    );
    expect((await says('kim', '!help identity'))[0]).toMatch(/^!identity /);
    expect(names(await says('kim', '!help', { vouched: false }))).not.toContain('!identity');
  });

  test('shows somebody with rights what they may run and steer', async () => {
    const { says } = await createWorld();
    expect(names(await says('ana', '!help'))).toBe(
      '!access !answer !approve !cancel !catchup !clean !deny !help !hold !identity !lock !locks !log !ops !plan !rehearse !reimage !release !retry !rollback !show !skip !status !unlock !whoami !why',
    );
    const intern = names(await says('gus', '!help'));
    expect(intern).toContain('!clean');
    expect(intern).not.toContain('!reimage');
    expect(intern).not.toContain('lock ');
  });

  test('explains one command to whoever may run it', async () => {
    const { says } = await createWorld();
    expect(await says('ana', '!help !reimage')).toEqual([
      '!reimage targets [image=…] [count=…]',
      'Reinstall builders and put each back as it was found. · destructive',
      'targets: hosts such as builder-07, builder-[01-04] or @builders',
      'image=…: an image such as f43-builder or f43-builder@2026.11.18 · may be left out',
      'count=…: the number of hosts, when there are many · may be left out',
      'for example: !reimage builder-07',
      'for example: !reimage builder-[07-09] image=f43-builder',
    ]);
    expect(await says('kim', '!help reimage')).toEqual([
      'there is no command reimage that you may type; !help lists them',
    ]);
    expect(await says('ana', '!help remiage')).toEqual([
      'there is no command remiage that you may type, did you mean reimage?',
    ]);
  });
});

describe('!whoami', () => {
  test('says who the directory says you are, whatever you are called there', async () => {
    const { says } = await createWorld();
    expect(await says('ana', '!whoami')).toEqual([
      'ana: on matrix you are ana, in sysadmin-builders',
    ]);
    expect(await says('ana', '!whoami', { vouched: false })).toEqual([
      'ana: matrix does not vouch for who you are. Log in there first.',
    ]);
  });
});

describe('!status', () => {
  test('is open to everybody, and counts what waits for somebody', async () => {
    const { says, farm } = await createWorld();
    farm.takesOut('builder-02');
    farm.takesOut('builder-03');
    await says('ana', '!reimage builder-02');
    expect(await says('eve', '!status')).toEqual([
      '7 hosts in 2 pools · 1 operation open · 1 waiting for somebody',
      '@builders: 4/6 in service, away: builder-[02-03]',
      '@mirrors: 1/1 in service',
      'op-1 reimage builder-02 with f43-builder@2026.11.18 · waits for approval',
    ]);
  });

  test('of a pool says who is away, and when the build system does not say', async () => {
    const { says, farm } = await createWorld();
    expect(await says('kim', '!status @builders')).toEqual(['@builders: 6/6 in service']);
    expect(await says('kim', '!status builders')).toEqual(['@builders: 6/6 in service']);
    farm.goesAway();
    expect(await says('kim', '!status @builders')).toEqual([
      '@builders: 6 hosts, the build system does not answer',
    ]);
  });

  test('says how many operations it leaves out, to whoever may list them', async () => {
    const { says } = await createWorld({ private: true });
    for (const host of ['01', '02', '03', '04']) await says('ana', `!reimage builder-${host}`);
    expect((await says('kim', '!status')).at(-1)).toBe('and 1 more: !ops lists them');
    expect((await says('eve', '!status')).at(-1)).toMatch(/^op-2 reimage builder-02/);
  });

  test('of a pool counts its hosts where there is no build system to ask', async () => {
    const { says } = await createWorld({ hasFarm: false });
    expect(await says('kim', '!status @builders')).toEqual(['@builders: 6 hosts']);
  });

  test('of a host says what it is and what works on it', async () => {
    const { says } = await draining();
    expect(await says('kim', '!status builder-01')).toEqual([
      'builder-01: metal x86_64 · staging · @builders · f43-builder@2026.11.18 · out of service',
      'op-1 clean builder-01 · 2/4 waiting for 1 task to finish: buildArch kernel (since 14:00 UTC) · about 10 min left · asked by rik just now',
    ]);
    expect(await says('kim', '!status gate')).toEqual(['gate: metal x86_64 · staging']);
  });

  test('of a host says who locked it, or its pool', async () => {
    const { says } = await createWorld();
    await says('ana', '!lock builder-02 debugging the kernel');
    expect((await says('kim', '!status builder-02')).slice(1)).toEqual([
      'builder-02 is locked by ana since 2026-11-18 14:00 UTC: "debugging the kernel" (!unlock builder-02 frees it)',
    ]);
    await says('ana', '!unlock builder-02');
    await says('ana', '!lock @builders koji is upgraded');
    expect((await says('kim', '!status builder-02')).slice(1)).toEqual([
      '@builders is locked by ana since 2026-11-18 14:00 UTC: "koji is upgraded" (!unlock @builders frees it)',
    ]);
  });

  test('of an operation is its line', async () => {
    const { says, passes } = await draining();
    await passes(3);
    expect(await says('kim', '!status op-1')).toEqual([
      'op-1 clean builder-01 · 2/4 waiting for 1 task to finish: buildArch kernel (since 14:00 UTC) · 3 min so far, about 7 min left · asked by rik 3 min ago',
    ]);
    expect(await says('kim', '!status op-zzzz')).toEqual(['there is no op-zzzz']);
  });

  test('of what is not there gives the nearest name', async () => {
    const { says } = await createWorld();
    expect(await says('kim', '!status bulder-02')).toEqual([
      'there is no host, pool, service or operation bulder-02, did you mean builder-02?',
    ]);
  });
});

describe('!ops', () => {
  test('lists what is open, newest first', async () => {
    const { says } = await draining();
    await says('ana', '!clean builder-02');
    expect(await says('kim', '!ops')).toEqual([
      'op-2 clean builder-02 · waits for 1 of sysadmin-builders (code CODE) until 14:30 UTC · asked by ana just now',
      'op-1 clean builder-01 · 2/4 waiting for 1 task to finish: buildArch kernel (since 14:00 UTC) · about 10 min left · asked by rik just now',
    ]);
  });

  test('says so when nothing is', async () => {
    const { says } = await createWorld();
    expect(await says('kim', '!ops')).toEqual(['no operation is open']);
  });
});

describe('!show', () => {
  test('shows the plan, how far it is, and who approved it', async () => {
    const { says, farm, reacts } = await createWorld();
    farm.builds('builder-01', 'buildArch kernel');
    await says('ana', '!clean builder-01');
    await reacts('ben', '👍');
    expect(await says('kim', '!show op-1')).toEqual([
      'op-1 clean builder-01 · 2/4 waiting for 1 task to finish: buildArch kernel (since 14:00 UTC) · about 10 min left · asked by ana just now',
      'takes @builders from 6/6 to 5/6 (at least 4) · no way back after step 3 (wipe) · approved by ben on matrix',
      '1/4 disable builder-01 (routine, can be undone): done, 0 s',
      '2/4 drain builder-01 (routine, nothing to undo): waiting for 1 task to finish: buildArch kernel (since 14:00 UTC)',
      '3/4 wipe builder-01 (destructive, no way back)',
      '4/4 test builder-01 (routine, nothing to undo)',
    ]);
  });

  test('says of a failed step what to do next', async () => {
    const { says, troubles, passes } = await createWorld();
    troubles.set('wipe', 'no such device');
    await says('rik', '!clean builder-01');
    await passes(1);
    expect((await says('kim', '!show op-1')).at(-2)).toBe(
      '3/4 wipe builder-01 (destructive, no way back): failed: mount /dev/sdb: no such device. Look at its disk.',
    );
  });

  test('of what is not there says where to look', async () => {
    const { says } = await createWorld();
    expect(await says('kim', '!show op-zzzz')).toEqual([
      'there is no op-zzzz; !ops lists what is open',
    ]);
  });
});

describe('!log', () => {
  async function over() {
    const world = await createWorld();
    await world.says('rik', '!clean builder-01');
    await world.passes(1);
    return world;
  }

  test('shows what a host said during a step, to people who are entitled', async () => {
    const { says } = await over();
    expect(await says('ana', '!log op-1 3')).toEqual(['wipe of builder-01 begins']);
    expect(await says('ana', '!log op-1 wipe')).toEqual(['wipe of builder-01 begins']);
    expect(await says('ana', '!log op-1 1')).toEqual([
      'nothing was said during disable builder-01, or it has expired',
    ]);
  });

  test('without a step is about the last one of an operation that is over', async () => {
    const { says } = await over();
    const lines = await says('ana', '!log op-1');
    expect(lines).toEqual(await says('ana', '!log op-1 4'));
    expect(lines).not.toEqual(await says('ana', '!log op-1 1'));
  });

  test('is refused to everybody else', async () => {
    const { says } = await over();
    expect(await says('kim', '!log op-1 3')).toEqual([
      'kim: op-1: kim is in community; clean on builder-01 (staging) is granted to sysadmin-builders (signalbox.yaml:10), interns (signalbox.yaml:16), root (signalbox.yaml:22). Ask somebody of sysadmin-builders, interns or root.',
    ]);
    expect(await says('eve', '!log op-1 3')).toEqual([
      'eve: the directory does not know you; log is for people it knows. Ask for an entry in the directory.',
    ]);
  });

  test('of a step that is not there says where they are listed', async () => {
    const { says } = await over();
    expect(await says('ana', '!log op-1 9')).toEqual([
      'op-1 has no such step; !show op-1 lists them',
    ]);
  });
});

describe('!plan', () => {
  test('shows every step without doing or recording anything', async () => {
    const { says, operations, farm } = await createWorld();
    expect(await says('ana', '!plan !reimage builder-01')).toEqual([
      'reimage builder-01 with f43-builder@2026.11.18 · 8 steps, about 23 min · takes @builders from 6/6 to 5/6 (at least 4) · no way back after step 4 (reinstall) · needs 1 approval from sysadmin-builders',
      ...PLAN,
    ]);
    expect(await operations()).toEqual([]);
    expect(farm.isEnabled('builder-01')).toBe(true);
  });

  test('of several hosts is one line for those of which the same would become', async () => {
    const { says, farm } = await createWorld();
    const rest = 'no way back after step 3 (wipe) · needs 1 approval from sysadmin-builders';
    const taken = `takes @builders from 6/6 to 5/6 (at least 4) · ${rest}`;
    expect(await says('ana', '!plan clean builder-[01-02]')).toEqual([
      `clean builder-[01-02] · each 4 steps, about 10 min · ${taken}`,
    ]);
    farm.takesOut('builder-03');
    const left = await says('ana', '!plan clean builder-[02-04]');
    expect(left).toHaveLength(2);
    expect(left[0]).toMatch(/^clean builder-\[02,04\] · each 4 steps/);
    expect(left[1]).toMatch(/^clean builder-03 · 4 steps, about 10 min · leaves @builders at 5\/6/);
  });

  test('is refused like the command itself', async () => {
    const { says, farm } = await createWorld();
    expect(await says('dan', '!plan clean builder-01')).toEqual([
      'dan is in developers; clean on builder-01 (staging) is granted to sysadmin-builders (signalbox.yaml:10), interns (signalbox.yaml:16), root (signalbox.yaml:22). Ask somebody of sysadmin-builders, interns or root.',
    ]);
    farm.goesAway();
    expect(await says('ana', '!plan clean builder-01')).toEqual([
      'ana: refused, because the build system did not say who of @builders is away',
    ]);
  });

  test('of a command that makes none says so', async () => {
    const { says } = await createWorld();
    expect(await says('ana', '!plan ops')).toEqual(['ops makes no plan: it is answered at once']);
  });

  test('of a command with a mistake says what it is', async () => {
    const { says } = await createWorld();
    expect(await says('ana', '!plan reimage builder-1')).toEqual([
      'builder-1 (column 9): no host has this name, did you mean builder-01? Expected hosts of the inventory. For example: !reimage builder-07',
    ]);
  });
});

describe('!why', () => {
  test('says of each rule whether it grants it, and that nothing is in the way', async () => {
    const { says } = await createWorld();
    expect(await says('ana', '!why reimage builder-01')).toEqual([
      'signalbox.yaml:10: grants it with 1 of sysadmin-builders',
      'signalbox.yaml:16: is about clean',
      'signalbox.yaml:22: is for root',
      'allowed by signalbox.yaml:10: needs 1 approval from sysadmin-builders',
      'could approve it now: ben, cat, on irc, matrix or slack',
      'nothing it needs is taken',
    ]);
  });

  test('says when those who could approve it are too few, or nobody can say who they are', async () => {
    const { says, people } = await createWorld();
    people.leaves('ben', 'sysadmin-builders');
    people.leaves('cat', 'sysadmin-builders');
    expect(await says('gus', '!why clean builder-01')).toContain(
      'could approve it now: ana, on irc, matrix or slack, and that is too few: it takes 2 approvals',
    );
    expect(await says('ana', '!why clean builder-01')).toContain(
      'could approve it now: nobody, on irc, matrix or slack, and that is too few: it takes 1 approval',
    );
  });

  test('explains what is answered at once, too', async () => {
    const { says } = await createWorld();
    expect((await says('ana', '!why lock builder-01 for a test')).at(-1)).toBe(
      'allowed by signalbox.yaml:10: needs no approval',
    );
    expect((await says('kim', '!why lock builder-01 for a test')).at(-1)).toMatch(
      /^refused: kim is in community; lock on builder-01 \(staging\) is granted to/,
    );
    expect((await says('kim', '!why status')).at(-1)).toBe(
      'allowed by built in: needs no approval',
    );
    expect(await says('kim', '!why approve op-7k2m c4f1')).toEqual([
      'whoever the directory knows may type it; what it is about decides who of them may do it',
    ]);
  });

  test('says what is in the way', async () => {
    const { says, farm } = await draining();
    farm.takesOut('builder-03');
    expect((await says('ana', '!why clean builder-01')).at(-1)).toBe(
      'in its way: builder-01 is locked by op-1 (clean builder-01, asked by rik) since 2026-11-18 14:00 UTC',
    );
    expect((await says('ana', '!why clean builder-02')).at(-1)).toBe(
      'in its way: @builders may have 2 of 6 away at once; away now: builder-01 (op-1), builder-03 (out of service in the build system)',
    );
    farm.goesAway();
    expect((await says('ana', '!why clean builder-02')).at(-1)).toBe(
      'in its way: the build system did not say who of @builders is away',
    );
  });

  test('says why somebody may not', async () => {
    const { says } = await createWorld();
    expect(await says('dan', '!why clean builder-01')).toEqual([
      'signalbox.yaml:10: is for sysadmin-builders',
      'signalbox.yaml:16: is for interns',
      'signalbox.yaml:22: is for root',
      'refused: dan is in developers; clean on builder-01 (staging) is granted to sysadmin-builders (signalbox.yaml:10), interns (signalbox.yaml:16), root (signalbox.yaml:22). Ask somebody of sysadmin-builders, interns or root.',
      'nothing it needs is taken',
    ]);
  });
});

describe('a lock set by hand', () => {
  test('is listed with who, why and since when, and freed by whoever may lock', async () => {
    const { says } = await createWorld();
    expect(await says('ana', '!lock builder-02 debugging the kernel')).toEqual([
      'builder-02 is locked by ana: "debugging the kernel"',
    ]);
    expect(await says('kim', '!locks')).toEqual([
      'builder-02 is locked by ana since 2026-11-18 14:00 UTC: "debugging the kernel" (!unlock builder-02 frees it)',
    ]);
    expect(await says('ben', '!unlock builder-02')).toEqual(['builder-02 is unlocked by ben']);
    expect(await says('kim', '!locks')).toEqual(['nothing is locked']);
    expect(await says('ben', '!unlock builder-02')).toEqual(['builder-02 is not locked']);
  });

  test('is not set beside another', async () => {
    const { says } = await createWorld();
    await says('ana', '!lock builder-02 debugging the kernel');
    expect(await says('ben', '!lock builder-02 mine')).toEqual([
      'builder-02 is locked by ana since 2026-11-18 14:00 UTC: "debugging the kernel" (!unlock builder-02 frees it)',
    ]);
  });

  test('is not set on a pool of which a host is locked, and says so', async () => {
    const { says } = await createWorld();
    await says('ana', '!lock builder-02 debugging the kernel');
    expect(await says('ben', '!lock @builders mine')).toEqual([
      'no lock on @builders: builder-02 is locked by ana since 2026-11-18 14:00 UTC: "debugging the kernel" (!unlock builder-02 frees it)',
    ]);
  });

  test('is set on a host that an operation works on, and freed without taking it over', async () => {
    const { says } = await draining();
    expect(await says('ana', '!lock builder-01 new disks')).toEqual([
      'builder-01 is locked by ana: "new disks"',
      'builder-01 is locked by op-1 (clean builder-01, asked by rik) since 2026-11-18 14:00 UTC: that goes on up to its point of no return',
    ]);
    expect(await says('ana', '!unlock builder-01')).toEqual(['builder-01 is unlocked by ana']);
    expect(await says('ana', '!unlock builder-01')).toEqual([
      'ana is in sysadmin-builders; takeover on builder-01 (staging) is granted to root (signalbox.yaml:22). Ask somebody of root.',
    ]);
  });

  test('is refused to people without the right, and for what is not there', async () => {
    const { says } = await createWorld();
    const refused =
      'dan is in developers; lock on builder-02 (staging) is granted to sysadmin-builders (signalbox.yaml:10), root (signalbox.yaml:22). Ask somebody of sysadmin-builders or root.';
    expect(await says('dan', '!lock builder-02 x')).toEqual([refused]);
    expect(await says('dan', '!unlock builder-02')).toEqual([refused]);
    expect(await says('ana', '!lock bilder-02 x')).toEqual([
      'there is no host bilder-02, did you mean builder-02?',
    ]);
    expect(await says('ana', '!lock @bilders x')).toEqual([
      'there is no pool @bilders, did you mean @builders?',
    ]);
    expect(await says('eve', '!lock builder-02 x')).toEqual([
      'eve: ldap does not know eve. Ask for an entry there.',
    ]);
  });

  test('lets an operation that waited for it go on when it is freed', async () => {
    const { says, reacts } = await createWorld();
    await says('ana', '!clean builder-02');
    await says('cat', '!lock builder-02 debugging');
    const heard = await reacts('ben', '👍');
    expect(heard).toEqual([
      'op-1 approved by ben, starting',
      'op-1 waits: builder-02 is locked by cat since 2026-11-18 14:00 UTC: "debugging" (!unlock builder-02 frees it)',
    ]);
    expect((await says('cat', '!unlock builder-02')).slice(0, 2)).toEqual([
      'builder-02 is unlocked by cat',
      'op-1 1/4 disable builder-02',
    ]);
  });
});
