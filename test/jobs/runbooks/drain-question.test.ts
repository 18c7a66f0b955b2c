import { describe, expect, it } from 'vitest';
import type { BuildTask } from '../../../src/jobs/ports/build-farm.ts';
import { drainQuestion, movable } from '../../../src/jobs/runbooks/common/drain-question.ts';
import { describeHeld } from '../../../src/jobs/runbooks/common/held-tasks.ts';

const AT = Date.UTC(2026, 10, 21, 4, 37);
const task = (id: number, more: Partial<BuildTask> = {}): BuildTask => ({
  id,
  label: `buildArch p${id}`,
  startedAt: AT,
  waitsForChildren: false,
  ...more,
});
const parent = (id: number) => task(id, { label: `build p${id}`, waitsForChildren: true });

describe('what a builder holds', () => {
  it.each([
    ['1 task to finish: buildArch p1 (since 04:37 UTC)', [task(1)]],
    [
      '2 tasks to finish: buildArch p1 (not started), buildArch p2 (since 04:37 UTC, usually 7 min)',
      [task(1, { startedAt: undefined }), task(2, { usualMs: 400_000 })],
    ],
    [
      '1 task to finish: buildArch p1 (since 04:37 UTC) · 1 parent waiting for children: build p2 (since 04:37 UTC)',
      [parent(2), task(1)],
    ],
    [
      '2 parents waiting for children elsewhere: build p1 (since 04:37 UTC), build p2 (since 04:37 UTC)',
      [parent(1), parent(2)],
    ],
    [
      '5 tasks to finish: buildArch p1 (since 04:37 UTC), buildArch p2 (since 04:37 UTC), buildArch p3 (since 04:37 UTC), and 2 more',
      [1, 2, 3, 4, 5].map((id) => task(id)),
    ],
  ])('is %s', (said, held) => {
    expect(describeHeld(held)).toBe(said);
  });
});

describe('what can be moved away', () => {
  const ids = (tasks: readonly BuildTask[]) => tasks.map(({ id }) => id);

  it('is the builds, while parents may end by themselves', () => {
    expect(ids(movable([task(1), parent(2)], undefined))).toEqual([1]);
  });

  it('is the parents where there is nothing else', () => {
    expect(ids(movable([parent(2)], undefined))).toEqual([2]);
  });

  it('is everything on a silent builder, where no parent ends by itself', () => {
    expect(ids(movable([task(1), parent(2)], { since: AT }))).toEqual([1, 2]);
  });
});

describe('the question about a builder that does not become free', () => {
  const facts = {
    host: 'builder-07',
    held: [task(1)],
    silence: undefined,
    rights: { requeue: [1], cancel: [1], lacking: undefined },
    mayReEnable: true,
  };
  const words = (more: object) =>
    drainQuestion({ ...facts, ...more }).options.map(({ word }) => word);

  it('says since when nothing was heard, if ever', () => {
    const question = (since: number | undefined) =>
      drainQuestion({ ...facts, silence: { since } }).question;
    expect(question(AT)).toMatch(/^builder-07 has not checked in since 04:37 UTC and holds 1 task/);
    expect(question(undefined)).toMatch(/^builder-07 has never checked in and holds 1 task/);
  });

  it('offers to enable a silent builder only', () => {
    expect(words({})).toEqual(['wait', 'requeue', 'abort']);
    expect(words({ silence: { since: AT } })).toEqual(['wait', 'requeue', 're-enable', 'abort']);
    expect(words({ silence: { since: AT }, mayReEnable: false })).not.toContain('re-enable');
  });

  it('offers to cancel only where nothing can be requeued', () => {
    const rights = { requeue: [], cancel: [1], lacking: 'bot lacks the permission admin in koji' };
    expect(words({ rights })).toEqual(['wait', 'cancel', 'abort']);
    expect(words({ rights: { ...rights, cancel: [2] } })).toEqual(['wait', 'abort']);
    expect(drainQuestion({ ...facts, rights }).question).toBe(
      'builder-07 still holds 1 task to finish: buildArch p1 (since 04:37 UTC) · no requeue: bot lacks the permission admin in koji',
    );
  });
});
