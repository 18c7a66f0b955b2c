import { foldVectors } from './fold-vectors.ts';
import { byIndex, byText, type NameParts, partsOf } from './host-order.ts';
import { runsOf } from './number-runs.ts';

/** Hosts in the shortest notation people read, as `nodeset -f` prints them: `builder-[01-03,07],web1`. */
export function foldHosts(hosts: Iterable<string>): string {
  const families = Map.groupBy(Array.from(new Set(hosts), partsOf), ({ pattern }) => pattern);
  const sorted = [...families].sort(([one], [other]) => byText(one, other));
  return sorted.flatMap(([pattern, members]) => foldFamily(pattern, members)).join(',');
}

function foldFamily(pattern: string, members: readonly NameParts[]): readonly string[] {
  return foldVectors(members.map(({ indexes }) => indexes)).map((axes) => {
    const texts = axes.map(foldAxis).values();
    return pattern.replace(/%s/g, () => texts.next().value ?? '');
  });
}

function foldAxis(numbers: readonly string[]): string {
  const runs = runsOf([...numbers].sort(byIndex));
  const text = runs.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(',');
  return numbers.length === 1 ? text : `[${text}]`;
}
