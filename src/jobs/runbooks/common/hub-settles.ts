/**
 * A build system cannot tell an older worker from a newer one. What a worker sent right before it was lost is carried out
 * within this time, in milliseconds; with the lease it stays within the 25 s that a lost worker may cost.
 */
export const HUB_SETTLES_MS = 8_000;
