import { describe, expect, test } from 'vitest';
import { DEFAULT_REMINDERS } from '../../src/jobs/model/reminders.ts';
import { createWorld, ON_CALL, OPS } from './world.ts';

const reminders = DEFAULT_REMINDERS;

async function waitingForApproval() {
  const world = await createWorld({ reminders });
  await world.says('ana', '!clean builder-01');
  return world;
}

async function waitingForAnAnswer() {
  const world = await createWorld({ reminders });
  world.troubles.set('test', 'no such device');
  await world.says('rik', '!clean builder-01');
  await world.passes(1);
  return world;
}

const HELD = 'op-1 nobody answered, so it is held · !retry op-1 or !skip op-1';

const APPROVAL_AGAIN = [
  'op-1 clean builder-01 still waits for approval (10 min)',
  'no way back after step 3 (wipe) · needs 1 approval from sysadmin-builders: !approve op-1 CODE or 👍 · !show op-1 · expires at 14:30 UTC',
];

describe('an operation that nobody approves', () => {
  test('is said again after a silence, and not before', async () => {
    const { passes } = await waitingForApproval();
    expect(await passes(9)).toEqual([]);
    expect(await passes(1)).toEqual(APPROVAL_AGAIN);
    expect(await passes(1)).toEqual([]);
  });

  test('is said to the second channel when the first stays silent', async () => {
    const { passes, heard } = await waitingForApproval();
    await passes(10);
    expect(heard(ON_CALL)).toEqual([]);
    expect((await passes(10))[0]).toBe('op-1 clean builder-01 still waits for approval (20 min)');
    expect(heard(ON_CALL)).toHaveLength(2);
    expect(heard('#elsewhere')).toEqual([]);
  });

  test('is approved by a reaction to any reminder', async () => {
    const { passes, reacts, heard, network } = await waitingForApproval();
    await passes(20);
    const there = network.posted.find(({ channel }) => channel === ON_CALL)?.id;
    expect((await reacts('ben', '👍', there))[0]).toBe('op-1 approved by ben, starting');
    expect(heard(ON_CALL).at(2)).toMatch(/approved by ben/);
  });

  test('is not approved so by its requester, nor by a stranger', async () => {
    const { passes, reacts, prompts } = await waitingForApproval();
    await passes(10);
    expect((await reacts('ana', '👍', prompts().at(-1)))[0]).toMatch(/nobody approves their own/);
    expect((await reacts('kim', '👍', prompts().at(-1)))[0]).toMatch(/takes somebody of sysadmin/);
  });

  test('is said no more once it was approved, denied or has expired', async () => {
    for (const settle of ['👍', '👎'] as const) {
      const { passes, reacts, prompts } = await waitingForApproval();
      await reacts('ben', settle);
      const before = prompts().length;
      await passes(60);
      expect(prompts()).toHaveLength(before);
    }
    const { passes, heard } = await waitingForApproval();
    await passes(30);
    expect(heard(ON_CALL).at(-1)).toMatch(/EXPIRED/);
    expect(await passes(600)).toEqual([]);
  });

  test('is said once for all the times that no worker was there to say it', async () => {
    const { workersGo, passes, workersComeBack } = await waitingForApproval();
    workersGo();
    await passes(25);
    expect((await workersComeBack()).filter((line) => line.includes('still waits'))).toEqual([
      'op-1 clean builder-01 still waits for approval (25 min)',
    ]);
  });

  test('is not said twice by a narrator that has forgotten everything', async () => {
    const { passes, narratorRestarts, network } = await waitingForApproval();
    await passes(20);
    const before = network.posted.length;
    await narratorRestarts('lost');
    expect(network.posted).toHaveLength(before);
    expect(await passes(5)).toEqual([]);
  });

  test('waits for the second approval anew when the first is there', async () => {
    const world = await createWorld({ reminders });
    await world.says('gus', '!clean builder-01');
    await world.passes(9);
    await world.reacts('ben', '👍');
    expect(await world.passes(9)).toEqual([]);
    expect((await world.passes(1))[0]).toMatch(/still waits for approval \(10 min\)/);
  });
});

describe('an operation that nobody answers', () => {
  test('is said again with what may be answered, then elsewhere too, and does what its runbook says', async () => {
    const { passes, heard } = await waitingForAnAnswer();
    expect(await passes(10)).toEqual([
      'op-1 4/4 still waits for an answer (10 min): test: mount /dev/sdb: no such device · builder-01 is disabled',
      '🔁 !retry op-1  ⏭️ !skip op-1  ⏸️ !hold op-1 · !show op-1 · holds by itself at 14:31 UTC',
    ]);
    await passes(10);
    expect(heard(ON_CALL)).toHaveLength(2);
    expect(await passes(10)).toEqual([HELD]);
    expect(heard(ON_CALL).at(-1)).toMatch(/nobody answered, so it is held/);
    expect(await passes(600)).toEqual([]);
  });

  test('is answered by a reaction to a reminder, and is silent then', async () => {
    const { passes, reacts, prompts, heard } = await waitingForAnAnswer();
    await passes(10);
    expect((await reacts('ana', '⏸️', prompts().at(-1)))[0]).toBe('op-1 hold, says ana');
    expect(await passes(60)).toEqual([]);
    expect(heard(ON_CALL)).toEqual([]);
  });

  test('tells of its reminder nothing to a channel that was away until somebody had answered', async () => {
    const { passes, says, narratorStops, narratorRestarts, heard } = await waitingForAnAnswer();
    await narratorStops();
    await passes(10);
    await says('ana', '!hold op-1');
    await narratorRestarts('saved');
    expect(heard(OPS).filter((line) => line.includes('still waits'))).toEqual([]);
    expect(heard(OPS).at(-1)).toMatch(/hold, says ana/);
  });
});
