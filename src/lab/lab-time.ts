import { DEFAULT_TIMING, type Timing } from '../jobs/engine/engine.ts';

/** A minute in the lab passes in one second. */
export const LAB_SCALE = 60;

/** Waits are scaled with the lab's clock; leases and the limits of single calls are not. */
export const LAB_TIMING: Timing = { ...DEFAULT_TIMING, timeScale: LAB_SCALE };
