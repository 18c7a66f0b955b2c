/** The store's clock between two answers of the store: never ahead of it, and behind it by less than one round trip. */
export function storeClock() {
  let last: { readonly at: number; readonly heard: number } | undefined;
  return {
    /** The store said that it was `at` then. */
    heard(at: number): void {
      last = { at, heard: performance.now() };
    },
    /** Milliseconds since 1970; 0 as long as the store has said nothing. */
    now(): number {
      return last === undefined ? 0 : Math.floor(last.at + performance.now() - last.heard);
    },
  };
}

export type StoreClock = ReturnType<typeof storeClock>;
