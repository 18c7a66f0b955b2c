import { describe, expect, test } from 'vitest';
import { knownEvent } from '../../src/jobs/model/event.ts';
import { shortCode } from '../../src/jobs/model/plan.ts';
import { inventoryOf, NOW_VIRTUAL, SIX_BUILDERS } from './fixture/inventory.ts';
import { createWorld } from './world.ts';

const CARD = [
  'ana: op-1 clean builder-01 · staging · 4 steps, about 10 min · takes @builders from 6/6 to 5/6 (at least 4)',
  'no way back after step 3 (wipe) · needs 1 approval from sysadmin-builders: !approve op-1 CODE or 👍 · !show op-1',
];

async function requested(options: Parameters<typeof createWorld>[0] = {}) {
  const world = await createWorld(options);
  expect(await world.says('ana', '!clean builder-01')).toEqual(CARD);
  return world;
}

describe('an operation starts', () => {
  test('when somebody else types the code of its plan', async () => {
    const { says } = await requested();
    const [first] = await says('ben', '!approve op-1 CODE');
    expect(first).toBe('op-1 approved by ben, starting');
  });

  test('when somebody else reacts to its plan', async () => {
    const { reacts } = await requested();
    const heard = await reacts('ben', '👍');
    expect(heard.slice(0, 2)).toEqual([
      'op-1 approved by ben, starting',
      'op-1 1/4 disable builder-01',
    ]);
  });

  test('whatever the skin of the thumb', async () => {
    const { reacts } = await requested();
    expect((await reacts('ben', '👍🏽'))[0]).toBe('op-1 approved by ben, starting');
  });

  test('at once for somebody who needs no approval', async () => {
    const { says, network } = await createWorld();
    expect((await says('rik', '!clean builder-01')).slice(0, 3)).toEqual([
      'rik: op-1 clean builder-01 · staging · 4 steps, about 10 min · takes @builders from 6/6 to 5/6 (at least 4)',
      'no way back after step 3 (wipe) · !show op-1',
      'op-1 1/4 disable builder-01',
    ]);
    expect(network.posted.filter(({ as }) => as === 'prompt')).toEqual([]);
  });

  test('when both approvals of two are there', async () => {
    const { says, reacts } = await createWorld();
    expect((await says('gus', '!clean builder-01'))[1]).toBe(
      'no way back after step 3 (wipe) · needs 2 approvals from sysadmin-builders: !approve op-1 CODE or 👍 · !show op-1',
    );
    expect(await reacts('ben', '👍')).toEqual(['op-1 approved by ben, 1 of 2']);
    expect(await reacts('ben', '👍')).toEqual([
      'ben has approved op-1 already. Nothing more to do.',
    ]);
    expect((await reacts('cat', '👍'))[0]).toBe('op-1 approved by cat, starting');
  });

  test('only after the real plan of a reimage was approved', async () => {
    const { says } = await createWorld();
    expect(await says('ana', '!reimage builder-01')).toEqual([
      'ana: op-1 reimage builder-01 with f43-builder@2026.11.18 · staging · 8 steps, about 23 min · takes @builders from 6/6 to 5/6 (at least 4)',
      'no way back after step 4 (reinstall) · needs 1 approval from sysadmin-builders: !approve op-1 CODE or 👍 · !show op-1',
    ]);
    expect((await says('ben', '!approve op-1 CODE')).slice(0, 2)).toEqual([
      'op-1 approved by ben, starting',
      'op-1 1/8 disable builder-01',
    ]);
  });
});

describe('an approval is refused', () => {
  test('from somebody without the right', async () => {
    const { says } = await requested();
    expect(await says('dan', '!approve op-1 CODE')).toEqual([
      'dan is in developers; approving op-1 takes somebody of sysadmin-builders. Ask somebody of sysadmin-builders.',
    ]);
  });

  test('from somebody whom the directory does not know', async () => {
    const { reacts } = await requested();
    expect(await reacts('eve', '👍')).toEqual([
      'eve: ldap does not know eve. Ask for an entry there.',
    ]);
  });

  test('from whoever asked for it', async () => {
    const { says, reacts } = await requested();
    const own = [
      'ana asked for op-1, and nobody approves their own request. Ask somebody of sysadmin-builders.',
    ];
    expect(await says('ana', '!approve op-1 CODE')).toEqual(own);
    expect(await reacts('ana', '👍')).toEqual(own);
  });

  test('with a wrong code, without telling the right one', async () => {
    const { says } = await requested();
    expect(await says('ben', '!approve op-1 zzzz')).toEqual([
      'ben: zzzz is not the code of the plan that op-1 has now. Look at it again with !show op-1.',
    ]);
  });

  test('for an operation that is not there', async () => {
    const { says } = await requested();
    expect(await says('ben', '!approve op-zzzz c4f1')).toEqual([
      'there is no op-zzzz; !ops lists what is open',
    ]);
  });

  test('once its time is over, which the channel is told', async () => {
    const { passes, says, workersGo, workersComeBack } = await requested();
    workersGo();
    await passes(30);
    expect(await says('ben', '!approve op-1 CODE')).toEqual([
      'ben: the time to approve op-1 is over. Ask for it again.',
    ]);
    expect(await workersComeBack()).toEqual([
      'op-1 EXPIRED: clean builder-01 · nobody approved it in time',
    ]);
    expect(await says('ben', '!approve op-1 CODE')).toEqual([
      'ben: op-1 does not wait for approval: it has ended (expired). Look at it again with !show op-1.',
    ]);
  });

  test('while the directory does not answer', async () => {
    const { people, reacts } = await requested();
    people.goesAway();
    expect(await reacts('ben', '👍')).toEqual([
      'ben: ldap did not answer (connection refused), so nobody can say what you may do. Try again once it is back.',
    ]);
  });

  test('as a reaction to a message that asks nothing, without a word', async () => {
    const { network, says, reacts, operations } = await requested();
    await says('ana', '!ops');
    expect(await reacts('ben', '👍', network.posted.at(-1)?.id)).toEqual([]);
    expect(await reacts('ben', '👍', 'somebody-elses-message')).toEqual([]);
    expect(await operations()).toHaveLength(1);
  });
});

describe('an approved operation does not start', () => {
  test('when the inventory says something else by then', async () => {
    const world = await requested();
    world.workersGo();
    expect(await world.reacts('ben', '👍')).toEqual(['op-1 approved by ben, starting']);
    world.inventory = inventoryOf(NOW_VIRTUAL);
    expect(await world.workersComeBack()).toEqual([
      'op-1 REFUSED: clean builder-01 · the plan is another one now than was approved: ask for it again',
    ]);
    expect(world.farm.isEnabled('builder-01')).toBe(true);
  });

  test('when the inventory is another one that says the same of it, it does', async () => {
    const world = await requested();
    world.workersGo();
    await world.reacts('ben', '👍');
    world.inventory = inventoryOf(`${SIX_BUILDERS}  another-host:\n`);
    expect((await world.workersComeBack())[0]).toBe('op-1 1/4 disable builder-01');
  });

  test('when the approver has lost the group since', async () => {
    const { workersGo, reacts, people, workersComeBack, farm, passes, says } = await requested();
    workersGo();
    await reacts('ben', '👍');
    people.leaves('ben', 'sysadmin-builders');
    expect(await workersComeBack()).toEqual([
      'op-1 cannot start: clean builder-01 lacks an approval: ben is not in sysadmin-builders any more',
    ]);
    expect(farm.isEnabled('builder-01')).toBe(true);
    expect(await says('ana', '!ops')).toEqual([
      'op-1 clean builder-01 · waits for 1 of sysadmin-builders (code CODE) until 14:30 UTC · asked by ana just now',
    ]);
    expect(await passes(30)).toEqual([
      'op-1 EXPIRED: clean builder-01 · nobody approved it in time',
    ]);
  });

  test('when the requester has lost the right since', async () => {
    const { workersGo, reacts, people, workersComeBack } = await requested();
    workersGo();
    await reacts('ben', '👍');
    people.leaves('ana', 'sysadmin-builders');
    expect(await workersComeBack()).toEqual([
      'op-1 REFUSED: clean builder-01 · ana is in no group; clean on builder-01 (staging) is granted to sysadmin-builders (signalbox.yaml:10), interns (signalbox.yaml:16), root (signalbox.yaml:22)',
    ]);
  });

  test('when the approval was taken back', async () => {
    const { workersGo, reacts, workersComeBack, farm, says } = await requested();
    workersGo();
    await reacts('ben', '👍');
    expect(await reacts('ben', '👍', undefined, 'removed')).toEqual([
      'op-1 approval taken back by ben',
    ]);
    expect(await workersComeBack()).toEqual([]);
    expect(farm.isEnabled('builder-01')).toBe(true);
    expect((await says('ben', '!approve op-1 CODE'))[0]).toBe('op-1 approved by ben, starting');
  });

  test('while the directory does not answer, and does when it is back', async () => {
    const { workersGo, reacts, people, workersComeBack, passes } = await requested();
    workersGo();
    await reacts('ben', '👍');
    people.goesAway();
    expect(await workersComeBack()).toEqual([
      'op-1 cannot start: ldap did not answer: connection refused',
    ]);
    people.comesBack();
    expect((await passes(1))[0]).toBe('op-1 1/4 disable builder-01');
  });
});

describe('an approval that is taken back', () => {
  test('after the start is too late, and says what helps instead', async () => {
    const { farm, reacts } = await requested();
    farm.builds('builder-01', 'buildArch kernel');
    await reacts('ben', '👍');
    expect(await reacts('ben', '👍', undefined, 'removed')).toEqual([
      'ben: it is too late to take that approval back: op-1 is running. !cancel op-1 ends it.',
    ]);
  });

  test('by somebody who gave none changes nothing', async () => {
    const { reacts } = await requested();
    expect(await reacts('cat', '👍', undefined, 'removed')).toEqual([]);
  });
});

describe('a denial', () => {
  test('ends the operation with the reason', async () => {
    const { says } = await requested();
    expect(await says('ben', '!deny op-1 CODE release day, ask again tomorrow')).toEqual([
      'op-1 REFUSED: clean builder-01 · denied by ben: release day, ask again tomorrow',
    ]);
  });

  test('may be a reaction', async () => {
    const { reacts } = await requested();
    expect(await reacts('ben', '👎')).toEqual(['op-1 REFUSED: clean builder-01 · denied by ben']);
  });

  test('is for approvers only', async () => {
    const { reacts } = await requested();
    expect(await reacts('dan', '👎')).toEqual([
      'dan is in developers; approving op-1 takes somebody of sysadmin-builders. Ask somebody of sysadmin-builders.',
    ]);
  });

  test('by whoever asked for it is a cancel', async () => {
    const { reacts, says } = await requested();
    expect(await reacts('ana', '👎')).toEqual(['ana asked for op-1: !cancel op-1 takes it back']);
    expect(await says('ana', '!cancel op-1')).toEqual([
      'op-1 is being cancelled by ana',
      'op-1 CANCELLED: clean builder-01',
    ]);
  });

  test('counts from somebody who has approved before', async () => {
    const { says, reacts } = await createWorld();
    await says('gus', '!clean builder-01');
    await reacts('ben', '👍');
    expect(await reacts('ben', '👎')).toEqual(['op-1 REFUSED: clean builder-01 · denied by ben']);
  });
});

describe('a step with an approval of its own', () => {
  const stepApproval = { count: 1, groups: ['sysadmin-builders'] };

  async function atTheWipe(demand = stepApproval) {
    const world = await requested({ stepApproval: demand });
    await world.reacts('ben', '👍');
    const heard = await world.passes(1);
    return { ...world, heard };
  }

  test('shows itself and waits', async () => {
    const { heard, farm } = await atTheWipe();
    expect(heard).toEqual([
      'op-1 3/4 wipe builder-01 wants an approval of its own',
      'needs 1 approval from sysadmin-builders: !approve op-1 CODE or 👍',
    ]);
    expect(farm.isEnabled('builder-01')).toBe(false);
  });

  test('is not approved by a reaction to the plan', async () => {
    const { prompts, reacts } = await atTheWipe();
    const [plan = '', step = ''] = prompts();
    expect(await reacts('cat', '👍', plan)).toEqual([
      'cat: that message is not about the plan that op-1 has now. Look at it again with !show op-1.',
    ]);
    expect((await reacts('cat', '👍', step)).slice(0, 2)).toEqual([
      'op-1 approved by cat, starting',
      'op-1 3/4 wipe builder-01',
    ]);
  });

  test('keeps its approvals when one of the plan is taken back', async () => {
    const { prompts, reacts, workersGo, workersComeBack } = await atTheWipe();
    const [plan = '', step = ''] = prompts();
    workersGo();
    await reacts('ben', '👍', step);
    expect(await reacts('ben', '👍', plan, 'removed')).toEqual([
      'ben: it is too late to take that approval back: op-1 waits for approval. !cancel op-1 ends it.',
    ]);
    expect((await workersComeBack())[0]).toBe('op-1 3/4 wipe builder-01');
  });

  test('does not count who approved the plan', async () => {
    const { reacts } = await atTheWipe({ ...stepApproval, count: 2 });
    expect(await reacts('cat', '👍')).toEqual(['op-1 approved by cat, 1 of 2']);
    expect((await reacts('ben', '👍')).slice(0, 2)).toEqual([
      'op-1 approved by ben, starting',
      'op-1 3/4 wipe builder-01',
    ]);
  });

  test('is not approved by the code of the plan, which was for the plan', async () => {
    const { says, journal, farm } = await atTheWipe();
    const [ref] = await journal.recent(1);
    const [first] = ref ? await journal.read(ref) : [];
    const request = first && knownEvent(first);
    if (request?.kind !== 'requested') throw new Error('nothing was requested');
    const code = shortCode(request.plan);
    expect(await says('cat', `!approve op-1 ${code}`)).toEqual([
      `cat: ${code} is not the code of the plan that op-1 has now. Look at it again with !show op-1.`,
    ]);
    expect(farm.isEnabled('builder-01')).toBe(false);
  });

  test('is approved by its own code', async () => {
    const { says } = await atTheWipe();
    expect((await says('cat', '!approve op-1 CODE'))[0]).toBe('op-1 approved by cat, starting');
  });

  test('that is denied is held before it does anything', async () => {
    const { reacts, says } = await atTheWipe();
    expect((await reacts('cat', '👎'))[0]).toBe('op-1 denied by cat');
    await reacts('ben', '👍');
    expect((await says('ana', '!ops'))[0]).toMatch(/^op-1 clean builder-01 · asks: held by cat/);
  });
});
