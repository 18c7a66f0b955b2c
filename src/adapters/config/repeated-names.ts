import { type ConfigPart, problemOf } from './config-part.ts';
import type { Problem } from './problem.ts';

/** Of each name that stood before. */
export function repeatedNames(
  names: readonly ConfigPart[],
  { one, several }: { readonly one: string; readonly several: string },
): Problem[] {
  return names
    .filter(({ value }, place) => names.findIndex((other) => other.value === value) < place)
    .map((name) =>
      problemOf(name, {
        message: `there are two ${several} "${name.value}"`,
        expected: `a name of its own for each ${one}`,
        next: 'rename one of the two',
      }),
    );
}
