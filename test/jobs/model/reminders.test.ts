import { describe, expect, test } from 'vitest';
import { DEFAULT_REMINDERS, remindersAfter } from '../../../src/jobs/model/reminders.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const after = (minutes: number) => remindersAfter(minutes * MINUTE, DEFAULT_REMINDERS);

describe('what waits for people', () => {
  test('is said again after ten minutes, and not before', () => {
    expect(after(9.99)).toMatchObject({ count: 0, escalated: false });
    expect(after(10)).toMatchObject({ count: 1, escalated: false });
  });

  test('is said to others after twenty, also between two reminders', () => {
    expect(after(10).nextInMs).toBe(10 * MINUTE);
    expect(after(20)).toEqual({ count: 2, escalated: true, nextInMs: 10 * MINUTE });
  });

  test('is said more and more rarely, and once a day in the end', () => {
    const said = [30, 70, 150, 310].map((minutes) => after(minutes).nextInMs / MINUTE);
    expect(said).toEqual([40, 80, 160, 320]);
    expect(after(40 * 24 * 60).nextInMs).toBeLessThanOrEqual(DAY);
    expect(after(41 * 24 * 60).count - after(40 * 24 * 60).count).toBe(1);
  });

  test('is said to others with a reminder where both fall together', () => {
    const times = { afterMs: MINUTE, escalateAfterMs: 3 * MINUTE };
    expect(remindersAfter(3 * MINUTE, times)).toMatchObject({ count: 2, escalated: true });
  });
});
