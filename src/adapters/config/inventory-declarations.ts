import type * as z from 'zod';
import type { HostName, ImageName, PoolName, ServiceName } from '../../domain/ids.ts';
import type { Complaint, ConfigFile } from './config-file.ts';
import { type ConfigPart, entriesOf, inside, problemOf, wholeOf } from './config-part.ts';
import { hostRange } from './host-range.ts';
import {
  DefaultsEntry,
  HostEntry,
  ImageEntry,
  InventorySections,
  PoolEntry,
  SECTION_NAMES,
} from './inventory-schema.ts';
import type { Problem } from './problem.ts';
import { readPart } from './read-part.ts';
import { ServiceEntry } from './service-schema.ts';

/** An entry and where it stands. One that could not be read has no value, but its name is known. */
export interface Declaration<Entry> {
  readonly part: ConfigPart;
  readonly entry: Entry | undefined;
}

/** All files of an inventory as one, before names are looked up. */
export interface Declarations {
  readonly defaults: Declaration<DefaultsEntry> | undefined;
  readonly images: ReadonlyMap<ImageName, Declaration<ImageEntry>>;
  readonly pools: ReadonlyMap<PoolName, Declaration<PoolEntry>>;
  readonly hosts: ReadonlyMap<HostName, Declaration<HostEntry>>;
  readonly services: ReadonlyMap<ServiceName, Declaration<ServiceEntry>>;
}

export function inventoryDeclarations(
  files: readonly ConfigFile[],
  problems: Problem[],
): Declarations {
  const readable = files.filter((file) => {
    problems.push(...file.problems);
    return file.problems.length === 0;
  });
  const wholes = readable.map(wholeOf).filter((whole) => hasSections(whole, problems));
  return {
    defaults: theDefaults(wholes, problems),
    images: section(wholes, { name: 'images', schema: ImageEntry, namesOf: theName }, problems),
    pools: section(wholes, { name: 'pools', schema: PoolEntry, namesOf: theName }, problems),
    hosts: section(wholes, { name: 'hosts', schema: HostEntry, namesOf: namesInRange }, problems),
    services: section(
      wholes,
      { name: 'services', schema: ServiceEntry, namesOf: theName },
      problems,
    ),
  };
}

function hasSections(whole: ConfigPart, problems: Problem[]): boolean {
  const read = readPart(whole, InventorySections);
  if (read.kind === 'refused') problems.push(...read.problems);
  return typeof whole.value === 'object' && whole.value !== null;
}

function theDefaults(wholes: readonly ConfigPart[], problems: Problem[]) {
  const [first, ...others] = wholes
    .map((whole) => inside(whole, 'defaults'))
    .filter(({ value }) => value !== undefined);
  if (first === undefined) return undefined;
  problems.push(...others.map((other) => problemOf(other, alreadyDeclared('defaults', first))));
  return declaration(first, DefaultsEntry, problems);
}

interface Section<Name extends keyof typeof SECTION_NAMES, Entry> {
  readonly name: Name;
  readonly schema: z.ZodType<Entry>;
  /** The names that a key stands for. */
  readonly namesOf: (key: ConfigPart, problems: Problem[]) => readonly string[];
}

function section<Name extends keyof typeof SECTION_NAMES, Entry>(
  wholes: readonly ConfigPart[],
  { name, schema, namesOf }: Section<Name, Entry>,
  problems: Problem[],
): Map<z.infer<(typeof SECTION_NAMES)[Name]>, Declaration<Entry>> {
  const found = new Map<string, Declaration<Entry>>();
  for (const { part } of wholes.flatMap((whole) => entriesOf(inside(whole, name)))) {
    const declared = declaration(part, schema, problems);
    for (const each of namesOf(part, problems)) {
      const first = found.get(each);
      if (first !== undefined) problems.push(problemOf(part, alreadyDeclared(each, first.part)));
      else if (isName(part, each, name, problems)) found.set(each, declared);
    }
  }
  return found as Map<z.infer<(typeof SECTION_NAMES)[Name]>, Declaration<Entry>>;
}

function declaration<Entry>(
  part: ConfigPart,
  schema: z.ZodType<Entry>,
  problems: Problem[],
): Declaration<Entry> {
  const read = readPart(part, schema);
  if (read.kind === 'read') return { part, entry: read.value };
  problems.push(...read.problems);
  return { part, entry: undefined };
}

function theName({ path }: ConfigPart): readonly string[] {
  return [String(path.at(-1))];
}

function namesInRange(part: ConfigPart, problems: Problem[]): readonly string[] {
  const key = String(part.path.at(-1));
  const range = hostRange(key);
  if (range.kind === 'hosts') return range.names;
  problems.push(
    problemOf(part, {
      at: 'key',
      message: `"${key}" is not a range of hosts: ${range.because}`,
      expected: 'a host or a range such as builder-[01-20,25]',
      next: 'correct the range',
      value: key,
    }),
  );
  return [];
}

function isName(
  part: ConfigPart,
  name: string,
  section: keyof typeof SECTION_NAMES,
  problems: Problem[],
): boolean {
  const parsed = SECTION_NAMES[section].safeParse(name);
  if (parsed.success) return true;
  const expected = parsed.error.issues[0]?.message.replace(/^expected /, '') ?? 'another name';
  const message = `"${name}" cannot be a name in ${section}`;
  problems.push(problemOf(part, { at: 'key', message, expected, next: 'rename it', value: name }));
  return false;
}

function alreadyDeclared(name: string, first: ConfigPart): Complaint {
  return {
    at: 'key',
    message: `"${name}" is already at ${placeOf(first)}`,
    next: 'keep one of the two',
    value: name,
  };
}

function placeOf({ file, path }: ConfigPart): string {
  return `${file.name}:${file.position(path, 'key').line}`;
}
