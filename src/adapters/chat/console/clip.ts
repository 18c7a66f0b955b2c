/** As much of a text as surely fits in so many columns: whatever is not ASCII is taken for wide. */
export function clip(text: string, columns: number): string {
  let room = columns;
  const letters = Array.from(text);
  const end = letters.findIndex((letter) => {
    room -= letter > '\u007E' ? 2 : 1;
    return room < 0;
  });
  return end < 0 ? text : `${letters.slice(0, Math.max(0, end - 2)).join('')}…`;
}
