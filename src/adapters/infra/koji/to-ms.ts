/** The hub counts in seconds, with fractions, and says nil for never. */
export function toMs(seconds: number | null | undefined): number | undefined {
  return seconds === null || seconds === undefined ? undefined : Math.round(seconds * 1000);
}
