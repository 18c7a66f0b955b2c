interface Run {
  readonly first: string;
  last: string;
  /** Digits of its numbers where they are padded. */
  readonly width: number | undefined;
}

/**
 * Runs of consecutive numbers written alike, from a list in index order: `1,2,5` is `1-2` and `5`. As in ClusterShell
 * (RangeSet._slices_padding of 1.10), a number that stands alone hands its padding on to the next one, so that
 * `01,99,100` stays three numbers.
 */
export function runsOf(sorted: readonly string[]): readonly (readonly [string, string])[] {
  const runs: Run[] = [];
  for (const number of sorted) {
    const run = runs.at(-1);
    if (run !== undefined && isAlike(run, number) && isNext(run, number)) run.last = number;
    else runs.push({ first: number, last: number, width: widthAfter(run, number) });
  }
  return runs.map(({ first, last }) => [first, last]);
}

/** Whether a number is written with more digits than it needs. */
export function isPadded(number: string): boolean {
  return number.length > 1 && number.startsWith('0');
}

function isAlike({ width }: Run, number: string): boolean {
  return width === undefined ? !isPadded(number) : number.length === width;
}

function isNext({ last }: Run, number: string): boolean {
  return BigInt(number) - BigInt(last) === 1n;
}

function widthAfter(run: Run | undefined, number: string): number | undefined {
  const stoodAlone = run !== undefined && run.first === run.last && isAlike(run, number);
  if (stoodAlone) return run.width;
  return isPadded(number) ? number.length : undefined;
}
