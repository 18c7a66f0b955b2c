import { describe, expect, test } from 'vitest';
import { createWorld } from './world.ts';

/** An operation that waits for a build to finish. */
async function draining() {
  const world = await createWorld();
  world.farm.builds('builder-01', 'buildArch kernel');
  await world.says('rik', '!clean builder-01');
  return world;
}

/** An operation that stopped because a step failed. */
async function failedAt(step: 'wipe' | 'test') {
  const world = await createWorld();
  world.troubles.set(step, 'no such device');
  await world.says('rik', '!clean builder-01');
  const heard = await world.passes(1);
  return { ...world, heard };
}

/** An operation whose patience with a build is over. */
async function askingAboutBuilds() {
  const world = await draining();
  let heard: readonly string[] = [];
  for (let hour = 0; hour < 4 && heard.length === 0; hour += 1) heard = await world.passes(60);
  return { ...world, heard };
}

const NOT_KIM =
  'kim: op-1: kim is in community; clean on builder-01 (staging) is granted to sysadmin-builders (signalbox.yaml:10), interns (signalbox.yaml:16), root (signalbox.yaml:22). Ask somebody of sysadmin-builders, interns or root.';

describe('an operation that failed', () => {
  test('says what went wrong, what was left behind, and what may be done', async () => {
    const { heard } = await failedAt('test');
    expect(heard.slice(-2)).toEqual([
      'op-1 4/4 FAILED test: mount /dev/sdb: no such device · builder-01 is disabled · Look at its disk.',
      '🔁 !retry op-1  ⏭️ !skip op-1  ⏸️ !hold op-1 · no way back after step 3 (wipe) · !log op-1 4 · holds by itself at 14:31 UTC',
    ]);
  });

  test('is tried again, and goes on when that works', async () => {
    const { troubles, says } = await failedAt('test');
    troubles.clear();
    expect(await says('ana', '!retry op-1')).toEqual([
      'op-1 retry, says ana',
      'op-1 4/4 test builder-01 (attempt 2)',
      'op-1 DONE in 60 s: clean builder-01',
      'asked by rik · answered by ana · 1 retry · disable 0 s · drain 60 s · wipe 0 s · test 0 s in 2 tries',
    ]);
  });

  test('is asked about anew when trying again fails, and the old question counts no more', async () => {
    const { prompts, says, reacts } = await failedAt('test');
    await says('ana', '!retry op-1');
    const [old = '', current = ''] = prompts();
    expect(await reacts('ana', '⏭️', old)).toEqual([
      'op-1 asks something else by now: test: mount /dev/sdb: no such device · builder-01 is disabled',
    ]);
    expect((await reacts('ana', '⏭️', current))[0]).toBe('op-1 skip, says ana');
  });

  test('goes on without the step where its plan allows that', async () => {
    const { says } = await failedAt('test');
    expect(await says('ana', '!skip op-1')).toEqual([
      'op-1 skip, says ana',
      'op-1 DONE with skips in 60 s: clean builder-01 · every step is over, some were skipped',
      'asked by rik · answered by ana · 1 skip: test · disable 0 s · drain 60 s · wipe 0 s · test 0 s',
    ]);
  });

  test('does not go on without a step that its plan needs', async () => {
    const { says } = await failedAt('wipe');
    expect(await says('ana', '!skip op-1')).toEqual([
      'skip is not among the answers to op-1. It takes retry, rollback or hold.',
    ]);
  });

  test('is rolled back to how it was found', async () => {
    const { says, farm } = await failedAt('wipe');
    expect(farm.isEnabled('builder-01')).toBe(false);
    expect(await says('ana', '!rollback op-1')).toEqual([
      'op-1 rollback, says ana',
      'op-1 1/4 undoing: disable builder-01',
      'op-1 ROLLED BACK in 60 s: clean builder-01 · everything it did was undone',
      'asked by rik · answered by ana · disable 0 s · drain 60 s · wipe 0 s · undo disable 0 s',
    ]);
    expect(farm.isEnabled('builder-01')).toBe(true);
  });

  test('is not rolled back past the point of no return', async () => {
    const { says } = await failedAt('test');
    expect(await says('ana', '!rollback op-1')).toEqual([
      'rollback is not among the answers to op-1. It takes retry, skip or hold.',
    ]);
  });

  test('holds by itself when nobody answers, and is answered later all the same', async () => {
    const { passes, says, troubles } = await failedAt('test');
    expect(await passes(30)).toEqual([
      'op-1 nobody answered, so it is held · !retry op-1 or !skip op-1',
    ]);
    troubles.clear();
    expect((await says('ana', '!retry op-1'))[0]).toBe('op-1 retry, says ana');
  });

  test('may be answered with a reaction', async () => {
    const { reacts, troubles } = await failedAt('test');
    troubles.clear();
    expect((await reacts('ana', '🔁'))[0]).toBe('op-1 retry, says ana');
  });

  test('is not answered by somebody without the right', async () => {
    const { says, reacts } = await failedAt('test');
    expect(await says('kim', '!retry op-1')).toEqual([NOT_KIM]);
    expect(await reacts('kim', '🔁')).toEqual([NOT_KIM]);
  });

  test('is not answered with a word that it does not offer', async () => {
    const { says } = await failedAt('test');
    expect(await says('ana', '!answer op-1 retri')).toEqual([
      'retri is not among the answers to op-1, did you mean retry? It takes retry, skip or hold.',
    ]);
  });

  test('that is cancelled then says what was left behind', async () => {
    const { says } = await failedAt('test');
    expect(await says('ana', '!cancel op-1 the disk is dead')).toEqual([
      'op-1 is being cancelled by ana: the disk is dead',
      'op-1 ABANDONED in 60 s: clean builder-01 · the disk is dead · builder-01 is disabled',
      'asked by rik · disable 0 s · drain 60 s · wipe 0 s · test 0 s',
    ]);
  });
});

describe('a step that asks', () => {
  test('offers its own words', async () => {
    const { heard } = await askingAboutBuilds();
    expect(heard).toEqual([
      'op-1 2/4 builder-01 still holds 1 task to finish: buildArch kernel (since 14:00 UTC)',
      '⏳ !answer op-1 wait  ♻️ !answer op-1 requeue  ↩️ !answer op-1 abort  ⏸️ !hold op-1 · holds by itself at 17:30 UTC',
    ]);
  });

  test('does what somebody answers', async () => {
    const { says } = await askingAboutBuilds();
    expect(await says('ana', '!answer op-1 requeue')).toEqual([
      'op-1 requeue, says ana',
      'op-1 2/4 put back into the queue: buildArch kernel',
    ]);
  });

  test('calls a rollback by its own word', async () => {
    const { says, farm } = await askingAboutBuilds();
    expect((await says('ana', '!answer op-1 abort')).slice(0, 2)).toEqual([
      'op-1 abort, says ana',
      'op-1 1/4 undoing: disable builder-01',
    ]);
    expect(farm.isEnabled('builder-01')).toBe(true);
  });

  test('is not answered twice', async () => {
    const { says } = await askingAboutBuilds();
    await says('ana', '!answer op-1 wait');
    expect(await says('ben', '!answer op-1 requeue')).toEqual(['op-1 asks nothing: it is running']);
  });
});

describe('an operation that asks nothing', () => {
  test('is not answered', async () => {
    const { says } = await draining();
    expect(await says('ana', '!answer op-1 wait')).toEqual(['op-1 asks nothing: it is running']);
    expect(await says('ana', '!retry op-1')).toEqual(['op-1 asks nothing: it is running']);
  });

  test('may be held before its next step, and goes on when somebody says so', async () => {
    const { says, passes, farm } = await draining();
    expect(await says('ana', '!hold op-1 until the mirror is back')).toEqual([
      'op-1 is being held by ana: until the mirror is back',
      'op-1 2/4 held by ana before drain builder-01: until the mirror is back',
      '▶️ !answer op-1 go-on  ↩️ !rollback op-1  ⏸️ !hold op-1 · holds by itself at 14:30 UTC',
    ]);
    farm.finishes('builder-01');
    expect(await passes(5)).toEqual([]);
    expect((await says('ben', '!answer op-1 go-on'))[0]).toBe('op-1 go-on, says ben');
    expect((await passes(1)).at(-2)).toBe('op-1 DONE in 6 min: clean builder-01');
  });

  test('is not held by somebody without the right, nor when it is over', async () => {
    const { says, farm, passes } = await draining();
    expect(await says('kim', '!hold op-1')).toEqual([NOT_KIM]);
    farm.finishes('builder-01');
    await passes(1);
    await passes(1);
    expect(await says('ana', '!hold op-1')).toEqual([
      'op-1 cannot be held: it has ended (succeeded)',
    ]);
  });
});

describe('a cancel', () => {
  test('undoes what was done', async () => {
    const { says, passes, farm } = await draining();
    const heard = [...(await says('rik', '!cancel op-1 wrong host')), ...(await passes(1))];
    expect(heard).toEqual([
      'op-1 is being cancelled by rik: wrong host',
      'op-1 1/4 undoing: disable builder-01',
      'op-1 CANCELLED in 0 s: clean builder-01 · wrong host',
      'asked by rik · disable 0 s · undo disable 0 s',
    ]);
    expect(farm.isEnabled('builder-01')).toBe(true);
  });

  test('is for whoever asked, also without any right now', async () => {
    const { says, people } = await createWorld();
    await says('ana', '!clean builder-01');
    people.leaves('ana', 'sysadmin-builders');
    expect((await says('ana', '!cancel op-1'))[0]).toBe('op-1 is being cancelled by ana');
  });

  test('is not for others without a right', async () => {
    const { says } = await draining();
    expect(await says('kim', '!cancel op-1')).toEqual([NOT_KIM]);
  });

  test('past the point of no return is refused, and says what helps instead', async () => {
    const { troubles, says, workersGo } = await failedAt('test');
    troubles.clear();
    workersGo();
    await says('ana', '!retry op-1');
    expect(await says('ana', '!cancel op-1')).toEqual([
      'op-1 cannot be cancelled any more: there is no way back after wipe builder-01; !hold op-1 stops it before its next step',
    ]);
  });

  test('of one that is over is refused', async () => {
    const { says } = await failedAt('test');
    await says('ana', '!skip op-1');
    expect(await says('ana', '!cancel op-1')).toEqual([
      'op-1 cannot be cancelled: it has ended (with-skips)',
    ]);
  });
});

describe('what counts once', () => {
  test('counts once and is refused by nobody when it is delivered again after all is over', async () => {
    const { says } = await createWorld();
    await says('ana', '!clean builder-01');
    const approve = () => says('ben', '!approve op-1 CODE', { id: 'approved-once' });
    expect(await approve()).not.toEqual([]);
    expect(await approve()).toEqual([]);
  });

  test('is a message, however often it is delivered', async () => {
    const { says, operations } = await createWorld();
    await says('ana', '!clean builder-01', { id: 'delivered-twice' });
    expect(await says('ana', '!clean builder-01', { id: 'delivered-twice' })).toEqual([]);
    expect(await operations()).toHaveLength(1);
  });

  test('is not the text: two messages are two operations', async () => {
    const { says, operations } = await createWorld();
    await says('ana', '!clean builder-01');
    await says('ana', '!clean builder-01');
    expect(await operations()).toHaveLength(2);
  });

  test('is each host of one message', async () => {
    const { says, operations } = await createWorld();
    await says('ana', '!clean builder-[01-02]', { id: 'two-hosts' });
    await says('ana', '!clean builder-[01-02]', { id: 'two-hosts' });
    expect(await operations()).toHaveLength(2);
  });

  test('is an answer, however often it is delivered', async () => {
    const { says } = await failedAt('test');
    const once = await says('ana', '!retry op-1', { id: 'answered' });
    expect(once[0]).toBe('op-1 retry, says ana');
    expect(await says('ana', '!retry op-1', { id: 'answered' })).toEqual([]);
  });
});

describe('two people who want the same host at the same moment', () => {
  test('get it one after the other, and the second is told who has it, why and since when', async () => {
    const { farm, says, passes, workersGo, workersComeBack } = await createWorld();
    farm.builds('builder-01', 'buildArch kernel');
    workersGo();
    await says('ana', '!clean builder-01');
    await says('cat', '!clean builder-01');
    await says('ben', '!approve op-1 CODE');
    await says('ben', '!approve op-2 CODE');
    const heard = await workersComeBack();
    expect(heard.filter((line) => line.startsWith('op-2'))).toEqual([
      expect.stringMatching(
        /^op-2 waits: builder-01 is locked by op-1 .*since 2026-11-18 14:00 UTC/,
      ),
    ]);
    expect(heard).toContain('op-1 1/4 disable builder-01');
    farm.finishes('builder-01');
    const later = [...(await passes(1)), ...(await passes(1)), ...(await passes(1))];
    expect(later).toContain('op-1 DONE in 2 min: clean builder-01');
    expect(later).toContain('op-2 1/4 disable builder-01');
  });
});
