/** A host name as ClusterShell sees it: its text with `%s` for each number, and the numbers. */
export interface NameParts {
  readonly name: string;
  readonly pattern: string;
  readonly indexes: readonly string[];
}

export function partsOf(name: string): NameParts {
  return { name, pattern: name.replace(/\d+/g, '%s'), indexes: name.match(/\d+/g) ?? [] };
}

/** The order of ClusterShell and of people: builder-2 before builder-10, and equal patterns together. */
export function inHostOrder<Name extends string>(names: Iterable<Name>): readonly Name[] {
  const keyed = Array.from(names, (name) => ({ ...partsOf(name), name }));
  return keyed.sort(byParts).map(({ name }) => name);
}

/** Numbers by length and then by value, as ClusterShell orders mixed padding (RangeSet._sortkey). */
export function byIndex(one: string, other: string): number {
  const signs = Number(other.startsWith('-')) - Number(one.startsWith('-'));
  if (signs !== 0) return signs;
  const longer = one.length - other.length;
  const order = longer === 0 ? byText(one, other) : longer;
  return one.startsWith('-') ? -order : order;
}

export function byText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function byParts(one: NameParts, other: NameParts): number {
  if (one.pattern !== other.pattern) return byText(one.pattern, other.pattern);
  for (const [axis, index] of one.indexes.entries()) {
    const order = byIndex(index, other.indexes[axis] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}
