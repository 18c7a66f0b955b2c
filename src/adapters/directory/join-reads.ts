/**
 * The same reading for everybody who asked before it began. Whoever asks while one is under way gets the next one, so
 * that nobody is given what was read before they asked.
 */
export function joinReads<T>(read: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;

  function begin(): Promise<T> {
    next = undefined;
    const begun = read();
    underWay = begun.catch(() => undefined);
    return begun;
  }

  return () => {
    next ??= underWay.then(begin);
    return next;
  };
}
