/** The choices of one history, in order. When they are used up, every further one is 0: nothing goes wrong any more. */
export interface Decisions {
  /** A whole number from 0 to below `n`. */
  pick(n: number): number;
  /** True once in `n` times. */
  once(n: number): boolean;
  readonly exhausted: boolean;
}

export function decisionsOf(numbers: readonly number[]): Decisions {
  let next = 0;
  const take = () => {
    const number = numbers[next] ?? 0;
    next += 1;
    return number;
  };
  return {
    pick: (n) => take() % n,
    once: (n) => take() % n === n - 1,
    get exhausted() {
      return next >= numbers.length;
    },
  };
}
