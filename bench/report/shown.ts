/** For people: three digits that count, or all before the point. */
export function shown(value: number): string {
  const form =
    Math.abs(value) >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return value.toLocaleString('en', form);
}
