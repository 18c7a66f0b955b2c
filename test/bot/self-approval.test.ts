import { describe, expect, test } from 'vitest';
import type { UserId as Id } from '../../src/domain/ids.ts';
import { UserId } from '../../src/domain/ids.ts';
import { createWorld } from './world.ts';

const ana = UserId.parse('ana');

describe('a team of one', () => {
  test('approves its own requests where the site names the person, and everybody hears of it', async () => {
    const { says, reacts, passes } = await createWorld({ policy: { selfApproval: [ana] } });
    await says('ana', '!clean builder-01');
    expect((await reacts('ana', '👍'))[0]).toBe('op-1 SELF-APPROVED by ana, starting');
    const heard = await passes(10);
    expect(heard).toContainEqual(expect.stringContaining('asked by ana · SELF-APPROVED by ana'));
    expect(await says('ana', '!show op-1')).toContainEqual(
      expect.stringContaining('SELF-APPROVED by ana on matrix'),
    );
    expect(await says('rik', '!audit ana')).toContainEqual(
      expect.stringMatching(/ana SELF-APPROVED op-1 clean builder-01$/),
    );
  });

  test('has it in the journal', async () => {
    const { says, reacts, journal, operations } = await createWorld({
      policy: { selfApproval: [ana] },
    });
    await says('ana', '!clean builder-01');
    await reacts('ana', '👍');
    const [op] = await operations();
    const ref = op && (await journal.find(op));
    const entries = ref ? await journal.read(ref) : [];
    expect(entries.map(({ event }) => event)).toContainEqual(
      expect.objectContaining({ kind: 'approved', own: true }),
    );
  });

  test('is nobody else', async () => {
    const { says, reacts } = await createWorld({ policy: { selfApproval: [ana] } });
    await says('ben', '!clean builder-01');
    expect(await reacts('ben', '👍')).toEqual([
      'ben asked for op-1, and nobody approves their own request. Ask somebody of sysadmin-builders.',
    ]);
    expect((await reacts('ana', '👍'))[0]).toBe('op-1 approved by ana, starting');
  });

  test('that is none any more when it starts does not start', async () => {
    const policy: { selfApproval: readonly Id[] } = { selfApproval: [ana] };
    const { says, reacts, workersGo, workersComeBack } = await createWorld({ policy });
    await says('ana', '!clean builder-01');
    workersGo();
    await reacts('ana', '👍');
    policy.selfApproval = [];
    expect(await workersComeBack()).toEqual([
      'op-1 cannot start: clean builder-01 lacks an approval: ana asked for it',
    ]);
  });
});

describe('nobody else approves their own request', () => {
  test('also not from another account of theirs', async () => {
    const { says, reacts } = await createWorld();
    await says('ana', '!clean builder-01');
    expect(await says('ana+phone', '!approve op-1 CODE')).toEqual([
      'ana+phone: ana asked for op-1, and nobody approves their own request. Ask somebody of sysadmin-builders.',
    ]);
    expect((await reacts('ben', '👍'))[0]).toBe('op-1 approved by ben, starting');
  });

  test('and two accounts of one person are one approval', async () => {
    const { says, reacts } = await createWorld();
    await says('gus', '!clean builder-01');
    expect(await reacts('ben', '👍')).toEqual(['op-1 approved by ben, 1 of 2']);
    expect(await reacts('ben+phone', '👍')).toEqual([
      'ben+phone: ben has approved op-1 already. Nothing more to do.',
    ]);
  });
});
