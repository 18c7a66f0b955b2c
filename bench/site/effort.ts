const quick = process.env.BENCH_EFFORT === 'quick';

/** How much is done of something: in a run whose figures count, and in one that only shows that it works. */
export function effort(full: number, inQuick: number): number {
  return quick ? inQuick : full;
}
