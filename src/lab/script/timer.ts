/** Calls after so many milliseconds, unless the function it returned was called before. */
export type Timer = (ms: number, then: () => void) => () => void;

export const realTimer: Timer = (ms, then) => {
  const timeout = setTimeout(then, ms);
  return () => clearTimeout(timeout);
};
