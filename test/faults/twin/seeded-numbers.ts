/** The choices that a seed stands for (xorshift32), so that one number replays a history. */
export function seededNumbers(seed: number): readonly number[] {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state & 0xffff;
  };
  return Array.from({ length: next() % 600 }, next);
}
