import { describe, expect, test } from 'vitest';
import { knownEvent } from '../../src/jobs/model/event.ts';
import { shortCode } from '../../src/jobs/model/plan.ts';
import { inventoryOf, NOW_VIRTUAL } from './fixture/inventory.ts';
import { createWorld, OPS, type World } from './world.ts';

/** What `!audit` says, without the time. */
async function audited({ says }: World, about = ''): Promise<readonly string[]> {
  const lines = await says('rik', `!audit ${about}`);
  return lines.map((line) => line.replace(/^\S+ \S+ /, ''));
}

/** Of the plan that was asked for last. */
async function newestCode({ journal }: World): Promise<string> {
  const [ref] = await journal.recent(1);
  const [first] = ref ? await journal.read(ref) : [];
  const request = first && knownEvent(first);
  if (request?.kind !== 'requested') throw new Error('nothing was requested');
  return shortCode(request.plan);
}

/** What a network brings that it knows to have come before, as of this person. */
function replaying({ network }: World, name: string) {
  const sender = { id: name, shown: name };
  const refused = { because: 'it came before', next: '', quietly: true } as const;
  const ref = (id: string) => ({ channel: OPS, id });
  const reaction = { kind: 'reaction', emoji: '👍', change: 'added', sender, refused } as const;
  return {
    says: (id: string, text: string) =>
      network.bring({ kind: 'message', ref: ref(id), sender, text, refused }),
    reacts: (id: string, on: string) => network.bring({ ...reaction, ref: ref(id), on: ref(on) }),
  };
}

describe('what somebody is refused is on record', () => {
  test('with who, where, what they typed and why', async () => {
    const world = await createWorld();
    await world.says('kim', '!reimage builder-01');
    expect(await audited(world)).toEqual([
      'kim was refused on matrix/#ops: reimage builder-01 · kim is in community; reimage on builder-01 (staging) with f43-builder is granted to sysadmin-builders (signalbox.yaml:10), root (signalbox.yaml:22). Ask somebody of sysadmin-builders or root.',
    ]);
    expect(await audited(world, 'kim')).toHaveLength(1);
    expect(await audited(world, 'builder-01')).toHaveLength(1);
    expect(await audited(world, 'ben')).toEqual(['anything about ben in the last 0 operations']);
  });

  test('for somebody whom the network vouches for nothing of, or the directory does not know', async () => {
    const world = await createWorld();
    await world.says('ana', '!clean builder-01', { vouched: false });
    await world.says('eve', '!clean builder-01');
    expect(await audited(world)).toEqual([
      'account eve was refused on matrix/#ops: clean builder-01 · ldap does not know eve',
      'somebody called ana was refused on matrix/#ops: clean builder-01 · matrix does not vouch for who you are',
    ]);
  });

  test('while the directory is away', async () => {
    const world = await createWorld();
    world.people.goesAway();
    await world.says('ana', '!clean builder-01');
    world.people.comesBack();
    expect(await audited(world)).toEqual([
      'account ana was refused on matrix/#ops: clean builder-01 · ldap did not answer (connection refused), so nobody can say what you may do',
    ]);
  });

  test('for an approval: of the own request, without the right, with the wrong code', async () => {
    const world = await createWorld();
    await world.says('ana', '!clean builder-01');
    await world.passes(1);
    await world.says('ana', '!approve op-1 CODE');
    await world.says('kim', '!approve op-1 CODE');
    await world.says('ben', '!approve op-1 0000');
    expect((await audited(world)).slice(0, 3)).toEqual([
      expect.stringMatching(/^ben was refused on .* 0000 is not the code of the plan/),
      expect.stringMatching(/^kim was refused on .* kim is in community; approving op-1 takes/),
      expect.stringMatching(/^ana was refused on .* nobody approves their own request$/),
    ]);
  });

  test('for the code of a plan that was superseded: by one for what the inventory says now, or by its own step', async () => {
    const stepApproval = { count: 1, groups: ['sysadmin-builders'] };
    const world = await createWorld({ stepApproval });
    await world.says('ana', '!clean builder-01');
    const [before, op1] = [await newestCode(world), '!approve op-1'];
    world.workersGo();
    await world.reacts('ben', '👍');
    world.inventory = inventoryOf(NOW_VIRTUAL);
    await world.workersComeBack();
    await world.says('cat', `${op1} ${before}`);
    await world.says('ana', '!clean builder-01');
    await world.says('cat', `!approve op-2 ${before}`);
    const plan = await newestCode(world);
    await world.reacts('ben', '👍');
    await world.passes(1);
    await world.says('cat', `!approve op-2 ${plan}`);
    const refused = 'cat was refused on matrix/#ops: approve';
    expect((await audited(world, 'cat')).slice(0, 3)).toEqual([
      `${refused} op-2 CODE · ${plan} is not the code of the plan that op-2 has now`,
      `${refused} op-2 CODE · ${before} is not the code of the plan that op-2 has now`,
      `${refused} op-1 CODE · op-1 does not wait for approval: it has ended (refused)`,
    ]);
  });

  test('for what cannot be understood, shown without what could do harm', async () => {
    const world = await createWorld();
    await world.says('ana', '!clean builder-01\u0002\u0003bold');
    await world.says('ana', '!clean buiIder-01');
    await world.says('ana', `!clean ${'x'.repeat(60_000)}`);
    const lines = await audited(world);
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line).not.toMatch(/\p{Cc}/u);
      expect(line.length).toBeLessThan(600);
    }
  });

  test.each([
    ['a newline', 'builder-01\n!approve op-1 CODE', 'U+000A'],
    ['a CTCP', '\u0001ACTION builder-01\u0001', 'U+0001'],
    ['a colour', '\u000304builder-01', 'U+0003'],
    ['a letter of another script', 'buіlder-01', 'U+0456'],
    ['what a shell would take', '$(reboot)', '$'],
  ])('for %s in an argument, by its name', async (_, argument, named) => {
    const world = await createWorld();
    await world.says('ana', `!clean ${argument}`);
    const [line = ''] = await audited(world);
    expect(line).toMatch(/^account ana was refused on matrix\/#ops: clean /);
    expect(line.split(' · ').at(-1)).toContain(named);
    expect(await world.operations()).toEqual([]);
  });

  test('for what a network knows to be brought again by somebody: it does nothing, and nobody is answered', async () => {
    const world = await createWorld();
    await world.says('ana', '!clean builder-01');
    const ben = replaying(world, 'ben');
    const heard = await world.meanwhile(async () => {
      await ben.reacts('r1', world.prompts().at(-1) ?? '');
      await ben.says('m1', '!clean builder-02');
      await ben.reacts('r2', 'said-0');
    });
    expect(heard).toEqual([]);
    expect(await audited(world, 'ben')).toEqual([
      'ben was refused on matrix/#ops: clean builder-02 · it came before',
      'ben was refused on matrix/#ops: 👍 · it came before',
    ]);
    expect(await world.reacts('ben', '👍')).toContain('op-1 approved by ben, starting');
  });

  test('for that, however often it is brought, at nobody else’s cost', async () => {
    const world = await createWorld();
    const people = ['ana', 'ben', 'cat', 'rik'].map((name) => replaying(world, name));
    const heard = await world.meanwhile(async () => {
      for (let nth = 0; nth < 400; nth += 1) {
        await people[nth % people.length]?.says(`m${nth}`, '!clean builder-01');
      }
    });
    expect(heard).toEqual([]);
    const written = await audited(world, 'ana');
    expect(written.length).toBeGreaterThan(0);
    expect(written.length).toBeLessThanOrEqual(20);
    expect(await world.says('ana', '!whoami')).toEqual([expect.stringMatching(/you are ana/)]);
    expect(await world.says('ana', '!clean builder-01')).toEqual(
      expect.arrayContaining([expect.stringMatching(/^ana: op-1 /)]),
    );
  });

  test('and what is allowed is not', async () => {
    const world = await createWorld();
    await world.says('ana', '!ops');
    await world.says('ana', '!help');
    expect(await audited(world)).toEqual(['anything in the last 0 operations']);
  });

  test('as long as it is not noise, of which the number is', async () => {
    const world = await createWorld();
    for (let nth = 0; nth < 30; nth += 1) {
      await world.says('kim', '!reimage builder-01');
      await world.says('kim', `!clean builder-0${nth % 6}`);
      await world.passes(0.1);
    }
    expect((await audited(world, 'kim')).length).toBeLessThanOrEqual(20);
    await world.passes(10);
    await world.says('kim', '!reimage builder-01');
    expect((await audited(world, 'kim'))[0]).toMatch(/ · and \d+ more before it$/);
  });
});
