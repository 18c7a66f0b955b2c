/** For the log: a bug keeps its stack. */
export function problemText(problem: unknown): string {
  return problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
}
