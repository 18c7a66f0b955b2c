import type { Complaint, ConfigFile } from './config-file.ts';
import type { Path, Problem } from './problem.ts';

/** A part of a configuration file whose meaning somebody else knows: a driver, a network. */
export interface ConfigPart {
  readonly file: ConfigFile;
  readonly path: Path;
  readonly value: unknown;
}

export function wholeOf(file: ConfigFile): ConfigPart {
  return { file, path: [], value: file.value };
}

/** What stands under a key or an index of a part; its value is undefined where there is nothing. */
export function inside(part: ConfigPart, ...steps: Path): ConfigPart {
  let value = part.value;
  for (const step of steps) value = valueUnder(value, step);
  return { file: part.file, path: [...part.path, ...steps], value };
}

export function entriesOf(part: ConfigPart): { key: string; part: ConfigPart }[] {
  if (typeof part.value !== 'object' || part.value === null) return [];
  return Object.keys(part.value).map((key) => ({ key, part: inside(part, key) }));
}

/** The members of a list; of what is no list, itself. */
export function items(part: ConfigPart): ConfigPart[] {
  if (part.value === undefined || part.value === null) return [];
  if (!Array.isArray(part.value)) return [part];
  return part.value.map((_, index) => inside(part, index));
}

/** A problem with the part as a whole. Of a map or a list the value is not kept: a secret may be inside. */
export function problemOf(part: ConfigPart, what: Complaint): Problem {
  const value = typeof part.value === 'object' ? undefined : part.value;
  return part.file.problem(part.path, { value, ...what });
}

function valueUnder(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined;
}
