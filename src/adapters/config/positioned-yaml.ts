import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import { rootMessage } from '../../domain/failure.ts';
import type { Path } from './problem.ts';

export interface Position {
  readonly line: number;
  readonly column: number;
}

interface SyntaxFault extends Position {
  readonly message: string;
  readonly next: string;
}

export interface PositionedYaml {
  readonly value: unknown;
  readonly faults: readonly SyntaxFault[];
  /** Where a value or its key stands; of what is missing, where the innermost part that exists stands. */
  position(path: Path, at: 'key' | 'value'): Position;
  /** A scalar as it was typed: `1.10` where the value is the number 1.1. */
  written(path: Path): string | undefined;
}

/** A YAML text with the places of all it says. Slow for big files, so it is made only when there is something to tell. */
export function positionedYaml(text: string): PositionedYaml {
  const lineCounter = new LineCounter();
  // The library's own check for duplicate keys takes quadratic time, and finds them without the other place.
  const document = parseDocument(text, { lineCounter, uniqueKeys: false, prettyErrors: false });
  const place = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(Math.min(offset, text.length));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const { value, faults } = readDocument(document, place);
  const index = mapIndex();
  return {
    value,
    faults,
    position: (path, at) => place(offsetOf(document, index, path, at)),
    written: (path) => sourceOf(descend(document, index, path).node),
  };
}

function readDocument(document: Document, place: (offset: number) => Position) {
  const faults = [...syntaxErrors(document, place), ...duplicateKeys(document, place)];
  if (faults.length > 0) return { value: undefined, faults };
  try {
    return { value: document.toJS() as unknown, faults };
  } catch (cause) {
    const next = 'write the values out instead of using so many aliases';
    return { value: undefined, faults: [{ ...place(0), message: rootMessage(cause), next }] };
  }
}

function syntaxErrors({ errors }: Document, place: (offset: number) => Position): SyntaxFault[] {
  const next = 'correct the YAML there or just before it';
  return errors.map(({ message, pos }) => ({
    ...place(pos[0]),
    message: `not YAML: ${firstLetterSmall(message)}`,
    next,
  }));
}

function duplicateKeys(document: Document, place: (offset: number) => Position): SyntaxFault[] {
  const faults: SyntaxFault[] = [];
  visit(document, {
    Map(_key, map) {
      const first = new Map<string, number>();
      for (const { key } of map.items) {
        const { name, offset } = nameOf(key);
        const other = first.get(name);
        if (other === undefined) first.set(name, offset);
        else faults.push(duplicateKey(name, place(offset), place(other)));
      }
    },
  });
  return faults;
}

function duplicateKey(name: string, at: Position, other: Position): SyntaxFault {
  return {
    ...at,
    message: `"${name}" is already at line ${other.line}`,
    next: 'keep one of the two',
  };
}

type MapIndex = (map: YAMLMap) => ReadonlyMap<string, Pair>;

function mapIndex(): MapIndex {
  const known = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();
  return (map) => {
    const index = known.get(map) ?? new Map(map.items.map((pair) => [nameOf(pair.key).name, pair]));
    known.set(map, index);
    return index;
  };
}

interface Descent {
  readonly node: Node | null;
  readonly key?: unknown;
  readonly isWhole: boolean;
}

function descend(document: Document, index: MapIndex, path: Path): Descent {
  let here: Descent = { node: document.contents, isWhole: true };
  for (const step of path) {
    const inner = child(document, index, here.node, step);
    if (inner === undefined) return { ...here, isWhole: false };
    here = inner;
  }
  return here;
}

function child(
  document: Document,
  index: MapIndex,
  parent: Node | null,
  step: string | number,
): Descent | undefined {
  const node = isAlias(parent) ? (parent.resolve(document) ?? null) : parent;
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { node: item as Node, isWhole: true };
  }
  const pair = isMap(node) ? index(node).get(String(step)) : undefined;
  return pair && { node: pair.value as Node | null, key: pair.key, isWhole: true };
}

function offsetOf(document: Document, index: MapIndex, path: Path, at: 'key' | 'value'): number {
  const { node, key, isWhole } = descend(document, index, path);
  const start = node?.range?.[0];
  if (key !== undefined && (start === undefined || (at === 'key' && isWhole))) {
    return nameOf(key).offset;
  }
  return start ?? 0;
}

function nameOf(key: unknown): { name: string; offset: number } {
  if (!isScalar(key)) return { name: String(key), offset: (key as Node | null)?.range?.[0] ?? 0 };
  return { name: key.value === null ? '' : String(key.value), offset: key.range?.[0] ?? 0 };
}

function sourceOf(node: Node | null): string | undefined {
  return isScalar(node) ? node.source : undefined;
}

function firstLetterSmall(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
