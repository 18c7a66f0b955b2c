/** All of them in their order, at most so many in each lot. */
export function inLots<T>(all: readonly T[], most: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / most);
  return Array.from({ length: count }, (_, nth) => all.slice(nth * most, (nth + 1) * most));
}
