/**
 * Whether a name fits a pattern of `*` (any text) and `?` (one character). Takes steps in proportion to
 * pattern times name at most, whatever somebody types: no regular expression backtracks here.
 */
export function fitsWildcard(pattern: string, name: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let restart = 0;
  while (at < name.length) {
    if (pattern[place] === '*') {
      star = place++;
      restart = at;
    } else if (place < pattern.length && (pattern[place] === '?' || pattern[place] === name[at])) {
      place += 1;
      at += 1;
    } else if (star >= 0) {
      place = star + 1;
      at = ++restart;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(place));
}
