import { describe, expect, test } from 'vitest';
import { startLearner } from '../../../src/bot/estimates/learner.ts';
import { StepId } from '../../../src/domain/ids.ts';
import { opNumber } from '../../journal-conformance.ts';
import { until } from '../../until.ts';
import { createWorld, type World } from '../world.ts';

const STEPS = ['disable', 'drain', 'wipe', 'test'] as const;

/** In minutes, what is known of each step of `clean` once everything that ended was learned from. */
async function learned({ journal, durations, problems }: World, timeScale = 1) {
  let read = 0;
  const learner = startLearner({
    journal: {
      ...journal,
      async *feed(cursor, signal) {
        for await (const item of journal.feed(cursor, signal)) {
          yield item;
          read = Number(item.cursor);
        }
      },
    },
    durations,
    timeScale,
    report: (problem) => problems.push(problem),
  });
  const entries = Number(await journal.cursor('narrator matrix'));
  await until(() => read === entries);
  await learner.stop();
  const kinds = STEPS.map((step) => ({ runbook: 'clean', step: StepId.parse(step) }));
  const samples = await durations.newest(kinds);
  return Object.fromEntries(
    STEPS.map((step, place) => [step, samples[place]?.map((ms) => ms / 60_000)]),
  );
}

/** Minute by minute until it is over; gives how many those were. */
async function ends({ journal, passes }: World): Promise<number> {
  let minutes = 0;
  while ((await journal.open()).length > 0 && minutes < 100) {
    await passes(1);
    minutes += 1;
  }
  return minutes;
}

describe('from an operation that has ended', () => {
  test('is learned what each step took, its waiting included', async () => {
    const world = await createWorld();
    world.farm.builds('builder-01', 'buildArch kernel');
    await world.says('ana', '!clean builder-01');
    await world.passes(20);
    await world.reacts('ben', '👍');
    await world.passes(5);
    world.farm.finishes('builder-01');
    const drain = [5 + (await ends(world))];
    expect(await learned(world)).toEqual({ disable: [0], drain, wipe: [0], test: [0] });
    expect(world.problems).toEqual([]);
  });

  test('and that is learned once, however often it is read', async () => {
    const world = await createWorld();
    await world.says('rik', '!clean builder-01');
    await ends(world);
    const once = await learned(world);
    expect(once.wipe).toEqual([0]);
    await world.journal.saveCursor('learner', '0');
    expect(await learned(world)).toEqual(once);
  });

  test('nothing is learned before that', async () => {
    const world = await createWorld();
    world.farm.builds('builder-01', 'buildArch kernel');
    await world.says('rik', '!clean builder-01');
    expect(await learned(world)).toEqual({ disable: [], drain: [], wipe: [], test: [] });
  });

  test('nothing is learned of steps that were skipped or undone', async () => {
    const skipped = await createWorld();
    skipped.troubles.set('test', 'bad sector');
    await skipped.says('rik', '!clean builder-01');
    await skipped.passes(1);
    await skipped.says('rik', '!skip op-1');
    expect(await skipped.journal.open()).toEqual([]);
    expect(await learned(skipped)).toMatchObject({ disable: [0], wipe: [0], test: [] });
    const undone = await createWorld();
    undone.farm.builds('builder-01', 'buildArch kernel');
    await undone.says('rik', '!clean builder-01');
    await undone.says('rik', '!cancel op-1');
    await ends(undone);
    expect(await learned(undone)).toEqual({ disable: [], drain: [], wipe: [], test: [] });
  });

  test('the last attempt counts, and not how long people took to answer', async () => {
    const world = await createWorld();
    world.troubles.set('wipe', 'bad sector');
    await world.says('rik', '!clean builder-01');
    await world.passes(1);
    await world.passes(25);
    world.troubles.delete('wipe');
    await world.says('rik', '!retry op-1');
    expect(await world.journal.open()).toEqual([]);
    expect(await learned(world)).toMatchObject({ wipe: [0], test: [0] });
  });

  test('a hold in the middle of a step does not count as work', async () => {
    const world = await createWorld();
    world.farm.builds('builder-01', 'buildArch kernel');
    await world.says('rik', '!clean builder-01');
    await world.passes(4);
    await world.says('rik', '!hold op-1');
    await world.passes(25);
    await world.says('rik', '!retry op-1');
    world.farm.finishes('builder-01');
    const more = await ends(world);
    const { drain } = await learned(world);
    expect(drain?.[0]).toBeGreaterThanOrEqual(4);
    expect(drain?.[0]).toBeLessThanOrEqual(4 + more);
  });

  test('in a lab, nominal time is learned', async () => {
    const world = await createWorld();
    world.farm.builds('builder-01', 'buildArch kernel');
    await world.says('rik', '!clean builder-01');
    await world.passes(1);
    world.farm.finishes('builder-01');
    const drain = [60 * (1 + (await ends(world)))];
    expect(await learned(world, 60)).toMatchObject({ drain });
  });
});

describe('what was learned', () => {
  test('is said before, while and after it runs', async () => {
    const world = await createWorld();
    const { says, passes, farm, durations } = world;
    for (const nth of [1, 2, 3]) {
      const of = { op: opNumber(nth), runbook: 'clean', endedAt: nth };
      await durations.record([
        { ...of, step: StepId.parse('drain'), ms: 20 * 60_000 },
        { ...of, step: StepId.parse('test'), ms: 5 * 60_000 },
      ]);
    }
    farm.builds('builder-01', 'buildArch kernel');
    expect((await says('rik', '!plan clean builder-01'))[0]).toContain('4 steps, about 25 min');
    expect((await says('rik', '!clean builder-01'))[0]).toContain('4 steps, about 25 min');
    await passes(12);
    expect((await says('kim', '!show op-1'))[0]).toContain('12 min so far, about 13 min left');
    await passes(12);
    expect((await says('kim', '!ops'))[0]).toContain(
      '24 min so far, longer than usual, then about 5 min',
    );
    farm.finishes('builder-01');
    const heard = [...(await passes(1)), ...(await passes(1))];
    expect(heard.join('\n')).toMatch(/test builder-01 · 2[56] min so far, about 5 min left/);
    expect(heard.at(-1)).toBe(
      'asked by rik · disable 0 s · drain 26 min (usually 20) · wipe 0 s · test 0 s (usually 5 min)',
    );
  });
});
