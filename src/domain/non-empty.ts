/** At least one. */
export type NonEmpty<T> = readonly [T, ...T[]];

/** Each of them made into something else: as many, in their order. */
export function mapNonEmpty<T, U>([first, ...rest]: NonEmpty<T>, to: (one: T) => U): NonEmpty<U> {
  return [to(first), ...rest.map((one) => to(one))];
}
