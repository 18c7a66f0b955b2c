import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../src/domain/service-check.ts';
import {
  type CheckProgress,
  checkVerdict,
  countResult,
} from '../../src/policies/check-threshold.ts';

const THREE = { successes: 3, intervalMs: 5_000, deadlineMs: 30_000 };
const PASSED: CheckResult = { kind: 'passed', expected: 'HTTP 200', came: 'HTTP 200' };
const FAILED: CheckResult = { kind: 'failed', expected: 'HTTP 200', came: 'HTTP 503' };
const UNKNOWN: CheckResult = { kind: 'unknown', expected: 'HTTP 200', because: 'probe-01 is away' };

/** Asked once every five seconds, from moment 1000 on. */
function after(...results: readonly CheckResult[]): CheckProgress {
  const counted = results.reduce<CheckProgress | undefined>(
    (progress, result, place) => countResult(progress, result, 1_000 + place * 5_000),
    undefined,
  );
  if (counted === undefined) throw new Error('no results');
  return counted;
}

describe('a check and its thresholds', () => {
  it('is proved by enough successes in a row, and not by fewer', () => {
    expect(checkVerdict(THREE, after(PASSED, PASSED, PASSED))).toEqual({ kind: 'proved' });
    expect(checkVerdict(THREE, after(PASSED, PASSED))).toEqual({ kind: 'ask-again', at: 11_000 });
  });

  it('counts anew after a failure', () => {
    const progress = after(PASSED, PASSED, FAILED, PASSED);
    expect(checkVerdict(THREE, progress)).toEqual({ kind: 'ask-again', at: 21_000 });
    expect(checkVerdict(THREE, after(PASSED, FAILED, PASSED, PASSED, PASSED))).toEqual({
      kind: 'proved',
    });
  });

  it('counts anew when nobody could ask, since that proves nothing', () => {
    expect(after(PASSED, PASSED, UNKNOWN).row).toBe(0);
  });

  it('fails as soon as no time is left for what is missing', () => {
    const inTime = after(FAILED, FAILED, FAILED, FAILED);
    expect(checkVerdict(THREE, inTime)).toEqual({ kind: 'ask-again', at: 21_000 });
    expect(checkVerdict(THREE, after(FAILED, FAILED, FAILED, FAILED, FAILED))).toEqual({
      kind: 'failed',
      because: '0 of 3 successes in a row after 5 times in 20 s',
    });
  });

  it('is asked at least once, even without time for more', () => {
    const once = { successes: 1, intervalMs: 5_000, deadlineMs: 1_000 };
    expect(checkVerdict(once, after(PASSED))).toEqual({ kind: 'proved' });
    expect(checkVerdict(once, after(FAILED))).toMatchObject({ kind: 'failed' });
  });
});
