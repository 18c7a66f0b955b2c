import type { HostName, ImageId } from '../../domain/ids.ts';
import { OpId } from '../../domain/ids.ts';
import type { ArgumentSpec, ArgumentValue } from '../../jobs/model/command-spec.ts';
import type { CommandFacts } from './command-facts.ts';
import { stranger } from './look-alike.ts';
import { Misread } from './misread.ts';
import { meaning, nearestKnown } from './nearest-known.ts';
import { targetsOf } from './node-set.ts';

/** The value of one argument, looked up. Throws Misread, whose offset counts from the start of `typed`. */
export function argumentValue(
  spec: ArgumentSpec,
  typed: string,
  facts: CommandFacts,
): ArgumentValue {
  if (typed.trim() === '') throw wrong(spec, typed, `${spec.name} is empty`);
  if (spec.oneOf !== undefined) return oneOf(spec, typed, spec.oneOf);
  switch (spec.kind) {
    case 'targets':
      return targetsOf(typed, facts);
    case 'host':
      return hostOf(spec, typed, facts);
    case 'op':
      return opOf(spec, typed);
    case 'image':
      return imageOf(spec, typed, facts);
    case 'service':
      return serviceOf(spec, typed, facts);
    case 'number':
      return numberOf(spec, typed);
    case 'word':
    case 'text':
    case 'command':
      return typed;
    default:
      return spec.kind satisfies never;
  }
}

function oneOf(spec: ArgumentSpec, typed: string, words: readonly string[]): ArgumentValue {
  const word = words.find((known) => known === typed.toLowerCase() || known === typed);
  if (word === undefined) {
    const expected = `one of ${words.join(', ')}`;
    throw wrong({ expected }, typed, 'this does not fit here', nearestKnown(typed, words));
  }
  return spec.kind === 'number' ? numberOf(spec, word) : word;
}

function hostOf(spec: ArgumentSpec, typed: string, { hosts }: CommandFacts): HostName {
  // The inventory's names are host names.
  if (hosts.has(typed)) return typed as HostName;
  refuseStrangers(spec, typed);
  if (/[@,!&^*?[\]]/.test(typed)) throw wrong(spec, typed, 'one host is wanted here');
  throw wrong(spec, typed, 'no host has this name', nearestKnown(typed, hosts.keys()));
}

function opOf(spec: ArgumentSpec, typed: string): OpId {
  const lower = typed.toLowerCase();
  const op = OpId.safeParse(lower.startsWith('op-') ? lower : `op-${lower}`);
  if (op.success) return op.data;
  refuseStrangers(spec, typed);
  throw wrong(spec, typed, 'this is not the name of an operation');
}

function imageOf(spec: ArgumentSpec, typed: string, { images }: CommandFacts): ImageId {
  for (const [id, { name }] of images) if (id === typed || name === typed) return id;
  refuseStrangers(spec, typed);
  const known = typed.includes('@') ? images.keys() : images.values().map(({ name }) => name);
  const problem = typed.includes('@')
    ? 'no image has this name and version'
    : 'no image has this name';
  throw wrong(spec, typed, problem, nearestKnown(typed, known));
}

function serviceOf(spec: ArgumentSpec, typed: string, { services }: CommandFacts): string {
  if (services.has(typed)) return typed;
  refuseStrangers(spec, typed);
  throw wrong(spec, typed, 'no service has this name', nearestKnown(typed, services.keys()));
}

function numberOf(spec: ArgumentSpec, typed: string): number {
  const number = /^\d+$/.test(typed) ? Number(typed) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw wrong(spec, typed, 'this is not a whole number');
}

function refuseStrangers({ expected }: ArgumentSpec, typed: string): void {
  const found = stranger(typed);
  if (found === undefined) return;
  const meant = found.meant === typed ? undefined : found.meant;
  throw new Misread({
    at: found.at,
    word: typed,
    problem: found.explained,
    expected,
    ...meaning(meant),
  });
}

function wrong(
  { expected }: Pick<ArgumentSpec, 'expected'>,
  typed: string,
  problem: string,
  meant?: string,
): Misread {
  return new Misread({ at: 0, word: typed, problem, expected, ...meaning(meant) });
}
