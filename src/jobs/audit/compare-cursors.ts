/** Places in the feed are `MILLISECONDS-NUMBER`, or a number alone. Negative when `a` comes first. */
export function compareCursors(a: string, b: string): number {
  const [aMs = 0, aNth = 0] = a.split('-').map(Number);
  const [bMs = 0, bNth = 0] = b.split('-').map(Number);
  return aMs - bMs || aNth - bNth;
}
