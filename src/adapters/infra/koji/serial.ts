/** Runs what it is given one after the other, in the order of asking. One failure does not stop the next. */
export type Serial = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function serial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
