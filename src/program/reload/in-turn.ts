/** Runs one at a time. Whoever asks while one is under way shares the one after it, which begins later than they asked. */
export function inTurn<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;

  function begin(): Promise<T> {
    next = undefined;
    const begun = work().finally(() => {
      running = undefined;
    });
    running = begun;
    return begun;
  }

  return () => {
    if (running !== undefined) next ??= running.then(begin, begin);
    return next ?? begin();
  };
}
