import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { parseDuration } from '../../domain/duration.ts';
import { UserId } from '../../domain/ids.ts';
import type { BreakGlass, Holder } from '../../policies/break-glass.ts';
import type { Scope } from '../../policies/rule.ts';
import { type ConfigPart, entriesOf, inside, problemOf, wholeOf } from './config-part.ts';
import { NetworkIds, sharedIds } from './people.ts';
import type { Problem } from './problem.ts';
import { readYamlFile } from './read-file.ts';
import { readPart } from './read-part.ts';
import { RuleEntry } from './settings-schema.ts';

const HOUR = 60 * 60_000;
const LONGEST_MS = 24 * HOUR;

const Lasts = z
  .string('expected a time such as 1h')
  .refine((text) => parseDuration(text) !== undefined, 'expected a time such as 30m or 1h')
  .transform((text) => parseDuration(text) ?? 0)
  .refine((ms) => ms <= LONGEST_MS, 'expected at most 24h');

const BreakGlassEntry = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'expected a name such as emergency'),
  holders: z.union([z.string().min(1), z.record(z.string(), z.unknown())], {
    error: 'expected people with their ids, or a file of them',
  }),
  allow: RuleEntry.shape.allow,
  on: RuleEntry.shape.on,
  lasts: Lasts.default(HOUR),
});

const Holders = z.record(UserId, NetworkIds);

export interface ReadBreakGlass {
  readonly breakGlass: BreakGlass;
  /** Of the holders, where they are beside it. */
  readonly files: readonly string[];
}

/** `break-glass:` of signalbox.yaml with its holders; undefined where there is none, or where something is wrong with it. */
export async function readBreakGlass(
  whole: ConfigPart,
  path: string,
  problems: Problem[],
): Promise<ReadBreakGlass | undefined> {
  const part = inside(whole, 'break-glass');
  if (part.value === undefined || part.value === null) return undefined;
  const read = readPart(part, BreakGlassEntry);
  if (read.kind === 'refused') {
    problems.push(...read.problems);
    return undefined;
  }
  const list = await holdersPart(inside(part, 'holders'), path, problems);
  const holders = list && readHolders(list.part, problems);
  if (list === undefined || holders === undefined) return undefined;
  const { line } = part.file.position(part.path, 'key');
  const { name, allow, on, lasts } = read.value;
  const scope = Object.fromEntries(Object.entries(on).filter(([, words]) => words !== undefined));
  const place = `${part.file.name}:${line}`;
  const breakGlass = { name, place, holders, allow, on: scope as Scope, lastsMs: lasts };
  return { breakGlass, files: list.files };
}

interface HolderList {
  readonly part: ConfigPart;
  readonly files: readonly string[];
}

async function holdersPart(
  named: ConfigPart,
  path: string,
  problems: Problem[],
): Promise<HolderList | undefined> {
  if (typeof named.value !== 'string') return { part: named, files: [] };
  const folder = dirname(resolve(path));
  const read = await readYamlFile(resolve(folder, named.value), folder);
  if (read.kind === 'unreadable') {
    problems.push(problemOf(named, read.complaint));
    return undefined;
  }
  problems.push(...read.file.problems);
  return read.file.problems.length > 0
    ? undefined
    : { part: wholeOf(read.file), files: [read.path] };
}

function readHolders(part: ConfigPart, problems: Problem[]): readonly Holder[] | undefined {
  const read = readPart(part, Holders);
  const found = [
    ...(read.kind === 'refused' ? read.problems : []),
    ...sharedIds(part),
    ...tooFew(part),
  ];
  problems.push(...found);
  if (read.kind === 'refused' || found.length > 0) return undefined;
  return Object.entries(read.value).map(([id, accounts]) => ({
    id: id as UserId,
    accounts: new Map(Object.entries(accounts)),
  }));
}

/** It takes two to open it. */
function tooFew(part: ConfigPart): readonly Problem[] {
  const people = entriesOf(part);
  if (people.length >= 2) return [];
  return [
    problemOf(part, {
      at: 'key',
      message: `break-glass has ${people.length === 0 ? 'no holder' : 'one holder'}`,
      expected: 'two holders or more, since two together open it',
      next: 'add another person',
    }),
  ];
}
