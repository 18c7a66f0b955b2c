import type { Telling } from '../../jobs/ports/operation-threads.ts';

/** Of each zone so many things that were told are kept. */
export const KEPT_TELLINGS = 5_000;
/** Of a zone so many are read at once. */
export const READ_AT_ONCE = 500;

const LONGEST = 500;
const MOST_LINES = 40;

/** As it is kept: of endless lines the beginning, of endless lists of them the first. */
export function keptTelling({ line, more, important }: Telling): Telling {
  return {
    line: line.slice(0, LONGEST),
    ...(more && { more: more.slice(0, MOST_LINES).map((each) => each.slice(0, LONGEST)) }),
    ...(important && { important }),
  };
}
