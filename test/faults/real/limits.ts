import type { Timing } from '../../../src/jobs/engine/engine.ts';

/** What the program is run with, so that a seed takes seconds. Leases are real time; waits and backoffs are scaled. */
export const TIMING: Timing = { leaseMs: 1_500, timeScale: 30 };

/** Longer than anything that was sent to a target is under way there. */
export const SETTLE_MS = 1_500;

/** A history is short, and what is anchored of it is all that a lost store can be held against. */
export const ANCHORED_EVERY_MS = 500;

/** How long faults come, how long everything may then take to come to rest, and to end when it is given up. */
export const FAULTS_MS = 4_500;
export const REST_MS = 45_000;
export const GIVE_UP_MS = 45_000;

export const LIMITS_IN_WORDS = `leases of ${TIMING.leaseMs} ms, waits ${TIMING.timeScale} times faster, ${SETTLE_MS} ms to settle, anchors every ${ANCHORED_EVERY_MS} ms, faults for ${FAULTS_MS} ms`;
