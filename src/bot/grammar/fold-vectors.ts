import { byIndex, byText } from './host-order.ts';

/** The numbers of one axis in index order, and their text for comparing. */
interface Axis {
  readonly numbers: readonly string[];
  readonly key: string;
}
type Vector = readonly Axis[];

/**
 * Covers points of several dimensions by few boxes, in the steps and the order of ClusterShell (RangeSetND._fold of
 * 1.10), so that what we print is what `nodeset -f` prints. The points are distinct and of one dimension.
 */
export function foldVectors(
  points: readonly (readonly string[])[],
): readonly (readonly (readonly string[])[])[] {
  const vectors = points.map((point) => point.map((number) => axisOf([number])));
  const folded = foldOneAxis(vectors) ?? merge(vectors);
  return folded.map((vector) => vector.map(({ numbers }) => numbers));
}

function axisOf(numbers: Iterable<string>): Axis {
  const sorted = [...numbers].sort(byIndex);
  return { numbers: sorted, key: sorted.join(' ') };
}

/** Where only one axis varies there is one box and nothing to search. */
function foldOneAxis(vectors: readonly Vector[]): readonly Vector[] | undefined {
  const first = vectors[0] ?? [];
  const varying = first.filter((axis, place) =>
    vectors.some((vector) => vector[place]?.key !== axis.key),
  );
  if (varying.length > 1) return undefined;
  return [first.map((_, place) => joined(vectors, place))];
}

function joined(vectors: readonly Vector[], place: number): Axis {
  return axisOf(new Set(vectors.flatMap((vector) => vector[place]?.numbers ?? [])));
}

/** Quick passes over neighbours until nothing changes, then thorough ones over all pairs. */
function merge(vectors: readonly Vector[]): readonly Vector[] {
  const boxes = [...vectors];
  let reach: 'neighbours' | 'all' = 'neighbours';
  for (;;) {
    boxes.sort(bySize);
    const merged = mergePass(boxes, reach);
    if (!merged && reach === 'all') return boxes;
    if (!merged) reach = 'all';
  }
}

function mergePass(boxes: Vector[], reach: 'neighbours' | 'all'): boolean {
  let merged = false;
  for (let one = 0; one + 1 < boxes.length; one += 1) {
    for (let other = one + 1; other < boxes.length; ) {
      const box = mergedPair(boxes[one] ?? [], boxes[other] ?? []);
      if (box !== undefined) {
        boxes[one] = box;
        boxes.splice(other, 1);
        merged = true;
      } else if (reach === 'all') other += 1;
      else break;
    }
  }
  return merged;
}

/** One box for two that differ on at most one axis. They are disjoint there, since points are distinct. */
function mergedPair(one: Vector, other: Vector): Vector | undefined {
  const differing = one.filter((axis, place) => axis.key !== other[place]?.key);
  if (differing.length > 1) return undefined;
  return one.map((axis, place) =>
    axis.key === other[place]?.key ? axis : joined([one, other], place),
  );
}

/** Larger boxes first, then longer axes, then lower numbers, which ClusterShell compares as text here. */
function bySize(one: Vector, other: Vector): number {
  const larger = sizeOf(other) - sizeOf(one);
  if (larger !== 0) return larger;
  for (const [place, axis] of one.entries()) {
    const order = byAxis(axis.numbers, other[place]?.numbers ?? []);
    if (order !== 0) return order;
  }
  return 0;
}

function byAxis(one: readonly string[], other: readonly string[]): number {
  return (
    other.length - one.length ||
    byText(one[0] ?? '', other[0] ?? '') ||
    byText(one.at(-1) ?? '', other.at(-1) ?? '')
  );
}

function sizeOf(vector: Vector): number {
  return vector.reduce((product, { numbers }) => product * numbers.length, 1);
}
