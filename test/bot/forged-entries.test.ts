import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { OpId, UserId } from '../../src/domain/ids.ts';
import type { Journal, OpRef } from '../../src/jobs/journal/journal.ts';
import { type EventOf, knownEvent } from '../../src/jobs/model/event.ts';
import { foldEntries } from '../../src/jobs/model/fold.ts';
import type { OperationState } from '../../src/jobs/model/state.ts';
import { signerWith } from '../../src/jobs/signing/signer.ts';
import { signingJournal } from '../../src/jobs/signing/signing-journal.ts';
import { createWorld, type World } from './world.ts';

const ana = UserId.parse('ana');
const ben = UserId.parse('ben');
const stranger = signerWith(generateKeyPairSync('ed25519').privateKey, 0);
const NOT_SIGNED = 'it carries no signature';
const NOT_TRUSTED = `it is signed with a key that is not trusted here (${stranger.publicKey.id}…)`;

/** Ana asked for it, and nobody has approved it. */
async function asked() {
  const world = await createWorld();
  await world.says('ana', '!clean builder-01');
  const [ref] = await world.journal.recent(1);
  if (ref === undefined) throw new Error('nothing was asked for');
  return { world, ref };
}

async function stateOf({ journal }: World, ref: OpRef): Promise<OperationState> {
  const state = foldEntries(ref.op, await journal.read(ref));
  if (state === undefined) throw new Error(`${ref.op} is not there`);
  return state;
}

async function requestOf({ journal }: World, ref: OpRef): Promise<EventOf<'requested'>> {
  const [first] = await journal.read(ref);
  return (first && knownEvent(first)) as EventOf<'requested'>;
}

/** Somebody who can write to the store says that ben approved it. */
async function forgeApproval(world: World, ref: OpRef, journal: Journal = world.journal) {
  const { request, seq } = await stateOf(world, ref);
  const subject = { plan: request.plan.digest };
  const events = [{ kind: 'approved', subject, network: 'matrix' }] as const;
  return world.meanwhile(() => journal.append(ref, { events, by: ben, seq, dueInMs: 0 }));
}

describe('an approval that no bot signed', () => {
  test('does not count, and the channel hears of it', async () => {
    const { world, ref } = await asked();
    expect(await forgeApproval(world, ref)).toEqual([
      `op-1 "approved" in the name of ben does not count: ${NOT_SIGNED}`,
    ]);
    expect(await stateOf(world, ref)).toMatchObject({ phase: { kind: 'approval' }, approvals: [] });
  });

  test('does not count either when a key signed it that is not trusted', async () => {
    const { world, ref } = await asked();
    const forging = signingJournal(world.journal, stranger, () => 0);
    expect(await forgeApproval(world, ref, forging)).toEqual([
      `op-1 "approved" in the name of ben does not count: ${NOT_TRUSTED}`,
    ]);
  });

  test('leaves it to ben to approve it really', async () => {
    const { world, ref } = await asked();
    await forgeApproval(world, ref);
    expect(await world.reacts('ben', '👍')).toContain('op-1 approved by ben, starting');
  });
});

describe('an entry that a bot signed', () => {
  test('does not start another operation', async () => {
    const { world, ref } = await asked();
    const [first] = await world.journal.read(ref);
    const other = { ...ref, op: OpId.parse('op-2222') };
    const { event, ...entry } = first ?? ({} as never);
    const what = {
      ...entry,
      events: [event],
      signatures: [entry.signature],
      seq: 0,
      source: undefined,
    };
    await world.meanwhile(() => world.journal.append(other, { ...what, dueInMs: 0 } as never));
    expect((await stateOf(world, other)).phase).toMatchObject({
      kind: 'ended',
      outcome: 'refused',
    });
  });

  test('does not count when its words were changed', async () => {
    const { world, ref } = await asked();
    const [first] = await world.journal.read(ref);
    const event = { ...(await requestOf(world, ref)), command: 'clean builder-02' };
    const other = { ...ref, op: OpId.parse('op-3333') };
    const signatures = first?.signature ? [first.signature] : [];
    const what = { events: [event], by: ana, signatures, seq: 0, dueInMs: 0 };
    await world.meanwhile(() => world.journal.append(other, what));
    expect((await stateOf(world, other)).unvouched).toBe('its signature is of something else');
  });
});

describe('a request that no bot signed', () => {
  test('is never started, and ends with the reason', async () => {
    const { world, ref } = await asked();
    const { demand: _nobodyIsAsked, ...event } = await requestOf(world, ref);
    const op = OpId.parse('op-4444');
    const what = { events: [event], by: ana, seq: 0, dueInMs: 0 };
    const heard = await world.meanwhile(() => world.journal.append({ ...ref, op }, what));
    expect(heard).toEqual([
      `op-2 "requested" in the name of ana does not count: ${NOT_SIGNED}`,
      `op-2 REFUSED: clean builder-01 · the request does not count: ${NOT_SIGNED}`,
    ]);
    expect(await stateOf(world, { ...ref, op })).toMatchObject({
      claims: [],
      phase: { because: `the request does not count: ${NOT_SIGNED}` },
    });
  });

  test('is not started either when it says that it is a child of an operation that starts nothing', async () => {
    const { world, ref } = await asked();
    await world.reacts('ben', '👍');
    const { demand: _nobodyIsAsked, ...request } = await requestOf(world, ref);
    const op = OpId.parse('op-5555');
    const event = { ...request, parent: ref.op };
    const what = { events: [event], by: ana, seq: 0, dueInMs: 0 };
    await world.meanwhile(() => world.journal.append({ ...ref, op }, what));
    expect((await stateOf(world, { ...ref, op })).phase).toMatchObject({
      kind: 'ended',
      outcome: 'refused',
      because: `${ref.op} starts no ${op}`,
    });
  });
});
