const SHORTEST_LIMIT = 9;

/** What we are called while somebody else has our nick: with an underscore, then with numbers, never longer than it may be. */
export function otherNick(wanted: string, tries: number): string {
  const tail = tries === 1 ? '_' : `_${tries}`;
  const room = Math.max(wanted.length, SHORTEST_LIMIT) - (tries > 3 ? tail.length : 0);
  return `${wanted.slice(0, room)}${tail}`;
}
