import { describe, expect, test } from 'vitest';
import { inventoryOf, SIX_BUILDERS } from './fixture/inventory.ts';
import { createWorld } from './world.ts';

/** What is heard after something was asked for and recorded. */
const RECORDED = expect.arrayContaining([expect.stringMatching(/^ana: op-\d /)]);

describe('a request is refused', () => {
  test('for an unknown host, with the nearest name', async () => {
    const { says, operations } = await createWorld();
    expect(await says('ana', '!reimage builder-1')).toEqual([
      'ana: builder-1 (column 10): no host has this name, did you mean builder-01? Expected hosts of the inventory. For example: !reimage builder-07',
    ]);
    expect(await operations()).toEqual([]);
    expect(await says('ana', '!reimage builder-01')).toEqual(RECORDED);
  });

  test('for targets that match nothing, which never means all', async () => {
    const { says, operations } = await createWorld();
    expect(await says('ana', '!reimage web-*')).toEqual([
      'ana: web-* (column 10): no host matches this. Expected a wildcard that matches hosts of the inventory. For example: !reimage builder-07',
    ]);
    expect(await says('ana', '!reimage @builders!builder-*')).toEqual([
      'ana: @builders!builder-* (column 10): this leaves no host. Expected at least one host. For example: !reimage builder-07',
    ]);
    expect(await operations()).toEqual([]);
    expect(await says('ana', '!reimage @builders!builder-[02-06]')).toEqual(RECORDED);
  });

  test('for an option that is not there, with the one that was meant', async () => {
    const { says } = await createWorld();
    expect(await says('ana', '!reimage builder-01 imgae=f43-builder')).toEqual([
      'ana: imgae=f43-builder (column 21): !reimage has no option imgae=, did you mean image=? Expected image=… or count=…. For example: !reimage builder-07',
    ]);
    expect(await says('ana', '!reimage builder-01 image=f43-builder')).toEqual(RECORDED);
  });

  test('for an unknown command, with the nearest one', async () => {
    const { says } = await createWorld();
    expect(await says('ana', '!remiage builder-01')).toEqual([
      'ana: remiage (column 2): there is no such command, did you mean reimage? Expected a command that !help lists. For example: !reimage builder-07',
    ]);
  });

  test('for an unknown image', async () => {
    const { says } = await createWorld();
    expect(await says('ana', '!reimage builder-01 image=f44-builder')).toEqual([
      'ana: f44-builder (column 27): no image has this name, did you mean f43-builder? Expected an image such as f43-builder or f43-builder@2026.11.18. For example: !reimage builder-07',
    ]);
  });

  test('for an image that does not fit the host, and taken for a host that it fits', async () => {
    const { says } = await createWorld();
    expect(await says('ana', '!reimage builder-05 image=el10-builder')).toEqual([
      'ana: el10-builder@1.0 does not fit builder-05: builder-05 is aarch64, the image is for x86_64. Choose another image with image=….',
    ]);
    expect(await says('ana', '!reimage builder-01 image=el10-builder')).toEqual(RECORDED);
  });

  test('for a host without an image', async () => {
    const { says } = await createWorld();
    expect(await says('ana', '!reimage gate')).toEqual([
      'ana: nobody said which image gate is to have: the inventory names no image for it. Add image=… to the command, or give gate an image in the inventory.',
    ]);
  });

  test('for more than five hosts, until their number is typed back', async () => {
    const { says, operations } = await createWorld();
    expect(await says('ana', '!clean @builders')).toEqual([
      'ana: that is 6 hosts (builder-[01-06]). If you mean all of them: !clean @builders count=6',
    ]);
    expect(await says('ana', '!clean @builders count=5')).toEqual([
      'ana: that is 6 hosts, not 5 (builder-[01-06]). If you mean all of them: !clean @builders count=6',
    ]);
    expect(await operations()).toEqual([]);
    await says('ana', '!clean @builders count=6');
    expect(await operations()).toHaveLength(6);
  });

  test('for five hosts, never: that many need no number', async () => {
    const { says, operations } = await createWorld();
    await says('ana', '!clean @builders!builder-06');
    expect(await operations()).toHaveLength(5);
  });

  test('for a host that somebody locked, with who, why and since when', async () => {
    const { says, passes } = await createWorld();
    await says('ben', '!lock builder-02 debugging the kernel');
    await passes(5);
    expect(await says('ana', '!clean builder-02')).toEqual([
      'ana: builder-02 is locked by ben since 2026-11-18 14:00 UTC: "debugging the kernel" (!unlock builder-02 frees it)',
    ]);
    await says('ben', '!unlock builder-02');
    expect(await says('ana', '!clean builder-02')).toEqual(RECORDED);
  });

  test('for a host in a pool that somebody locked', async () => {
    const { says } = await createWorld();
    await says('ben', '!lock @builders koji is upgraded');
    expect(await says('ana', '!clean builder-02')).toEqual([
      'ana: @builders is locked by ben since 2026-11-18 14:00 UTC: "koji is upgraded" (!unlock @builders frees it)',
    ]);
  });

  test('for a host that an operation works on, with what it is and who asked for it', async () => {
    const { says, farm } = await createWorld();
    farm.builds('builder-01', 'buildArch kernel');
    await says('rik', '!clean builder-01');
    expect(await says('ana', '!clean builder-01')).toEqual([
      'ana: builder-01 is locked by op-1 (clean builder-01, asked by rik) since 2026-11-18 14:00 UTC',
    ]);
  });

  test('over the budget of a pool, with who is away and why', async () => {
    const { says, farm } = await createWorld();
    farm.takesOut('builder-04');
    farm.builds('builder-01', 'buildArch kernel');
    await says('rik', '!clean builder-01');
    expect(await says('ana', '!clean builder-02')).toEqual([
      'ana: @builders may have 2 of 6 away at once; away now: builder-01 (op-1), builder-04 (out of service in the build system)',
    ]);
    // A host that is away already takes nothing more from the budget.
    expect((await says('ana', '!clean builder-04'))[0]).toBe(
      'ana: op-2 clean builder-04 · staging · 4 steps, about 10 min · leaves @builders at 4/6 (at least 4): builder-04 is away already',
    );
  });

  test('when it would take the last of an architecture', async () => {
    const { says, farm } = await createWorld();
    farm.takesOut('builder-05');
    expect(await says('ana', '!clean builder-06')).toEqual([
      'ana: builder-06 is the last aarch64 of @builders in service',
    ]);
  });

  test('for some of its hosts, naming them, and recorded for the others', async () => {
    const { says } = await createWorld();
    await says('ben', '!lock builder-02 debugging');
    expect(await says('ana', '!clean builder-[01-02]')).toEqual(
      expect.arrayContaining([
        'ana: builder-02: builder-02 is locked by ben since 2026-11-18 14:00 UTC: "debugging" (!unlock builder-02 frees it)',
        'ana: op-1 clean builder-01 · staging · 4 steps, about 10 min · takes @builders from 6/6 to 5/6 (at least 4)',
      ]),
    );
  });

  test('when its build system does not answer', async () => {
    const { says, farm, operations } = await createWorld();
    farm.goesAway();
    expect(await says('ana', '!clean builder-02')).toEqual([
      'ana: refused, because the build system did not say who of @builders is away',
    ]);
    expect(await operations()).toEqual([]);
    farm.comesBack();
    expect(await says('ana', '!clean builder-02')).toEqual(RECORDED);
  });
});

describe('a requester is refused', () => {
  test('who has no right, with who has it', async () => {
    const { says, operations } = await createWorld();
    expect(await says('dan', '!clean builder-01')).toEqual([
      'dan is in developers; clean on builder-01 (staging) is granted to sysadmin-builders (signalbox.yaml:10), interns (signalbox.yaml:16), root (signalbox.yaml:22). Ask somebody of sysadmin-builders, interns or root.',
    ]);
    expect(await operations()).toEqual([]);
  });

  test('whom the directory does not know', async () => {
    const { says, operations } = await createWorld();
    const unknown = ['eve: ldap does not know eve. Ask for an entry there.'];
    expect(await says('eve', '!clean builder-01')).toEqual(unknown);
    expect(await says('eve', '!whoami')).toEqual(unknown);
    expect(await says('eve', '!ops')).toEqual([
      'eve: the directory does not know you; ops is for people it knows. Ask for an entry in the directory.',
    ]);
    expect(await operations()).toEqual([]);
  });

  test('whom the network does not vouch for, whatever they are called there', async () => {
    const { says, operations } = await createWorld();
    expect(await says('ana', '!clean builder-01', { vouched: false })).toEqual([
      'ana: matrix does not vouch for who you are. Log in there first.',
    ]);
    expect(await operations()).toEqual([]);
  });

  test('while the directory does not answer, which is named', async () => {
    const { says, people, operations } = await createWorld();
    people.goesAway();
    expect(await says('ana', '!clean builder-01')).toEqual([
      'ana: ldap did not answer (connection refused), so nobody can say what you may do. Try again once it is back.',
    ]);
    expect(await operations()).toEqual([]);
    people.comesBack();
    expect(await says('ana', '!clean builder-01')).toEqual(RECORDED);
  });
});

describe('a line', () => {
  test('that is not for the bot is not answered', async () => {
    const { says } = await createWorld();
    expect(await says('ana', 'I would reimage builder-01 first')).toEqual([]);
    expect(await says('ana', '!!!')).toEqual([]);
  });

  test('may mention the bot instead of a prefix', async () => {
    const { says } = await createWorld();
    expect(await says('ana', 'signalbox: ops')).toEqual(['no operation is open']);
  });

  test('with a character that cannot be seen is refused, and the character does not come back', async () => {
    const { says, network } = await createWorld();
    expect(await says('ana', '!lock builder-01 for \u001b[31mred')).toEqual([
      'ana: U+001B (column 22): an escape character is refused because it cannot be seen. Expected visible characters and spaces only. For example: !help',
    ]);
    await says('a\u001b]0;owned\u0007na', '!whoami');
    await says('ana', '!status \u202ebuilder-01');
    const said = network.posted.flatMap(({ lines }) => lines).join('');
    expect(said).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });

  test('about a host that has left the inventory between two requests is refused', async () => {
    const world = await createWorld();
    world.inventory = inventoryOf(SIX_BUILDERS.replace('builder-[01-04]', 'builder-[01-03]'));
    expect(await world.says('ana', '!clean builder-04')).toEqual([
      'ana: builder-04 (column 8): no host has this name, did you mean builder-01? Expected hosts of the inventory. For example: !clean builder-01',
    ]);
  });
});
