import type { ArgumentSpec, CommandSpec } from '../../jobs/model/command-spec.ts';
import type { CompletionFacts } from './command-facts.ts';
import { findSpec } from './parse-command.ts';
import { takesRest } from './usage.ts';
import { asFlag, asOption, splitWords, type Word } from './words.ts';

export interface CompletionGrammar {
  /** Only those the asker may run. */
  readonly specs: readonly CommandSpec[];
  readonly facts: CompletionFacts;
}

/** What could stand at the end of a line. Each candidate replaces everything from the offset `start` on. */
export interface Completion {
  /** Counted in UTF-16 units, for `line.slice(0, start) + candidate`. */
  readonly start: number;
  /** Sorted, each of them once, at most fifty. */
  readonly candidates: readonly string[];
}

const MOST_CANDIDATES = 50;

/** Completes the last word of a command that begins at an offset of the line. */
export function complete(line: string, grammar: CompletionGrammar, from = 0): Completion {
  const { words, complaint } = splitWords(line, from);
  const last = words.at(-1);
  const isOpen = last !== undefined && last.end === line.length;
  // What is being typed inside quotes cannot be known.
  if (complaint !== undefined || (isOpen && last.literal)) return nothing(line);
  const partial = isOpen ? line.slice(last.start) : '';
  const before = isOpen ? words.slice(0, -1) : words;
  return atWord({ line, partial, before, grammar });
}

interface Place {
  readonly line: string;
  /** The word that is being typed, empty after a space. */
  readonly partial: string;
  readonly before: readonly Word[];
  readonly grammar: CompletionGrammar;
}

function atWord(place: Place): Completion {
  const { line, before, grammar } = place;
  const [name, ...typed] = before;
  if (name === undefined) {
    return fitting(
      line,
      place.partial,
      grammar.specs.map((spec) => spec.name),
    );
  }
  const spec = findSpec(name.text, grammar.specs);
  if (spec === undefined) return nothing(line);
  const plain = typed.filter((word) => asOption(word) === undefined && asFlag(word) === undefined);
  const rest = spec.positional.findIndex(takesRest);
  const inRest = rest >= 0 && plain.length > rest;
  if (!inRest) return atArgument(place, spec, typed, spec.positional[plain.length]);
  return spec.positional[rest]?.kind === 'command'
    ? complete(line, grammar, plain[rest]?.start)
    : nothing(line);
}

function atArgument(
  { line, partial, grammar }: Place,
  spec: CommandSpec,
  typed: readonly Word[],
  next: ArgumentSpec | undefined,
): Completion {
  const equals = partial.indexOf('=');
  const option = spec.options.find(({ name }) => equals > 0 && name === partial.slice(0, equals));
  if (option !== undefined) return valuesFor(line, partial.slice(equals + 1), option, grammar);
  const names = fitting(line, partial, unusedNames(spec, typed));
  const values = next === undefined ? nothing(line) : valuesFor(line, partial, next, grammar);
  const isInside = values.candidates.length > 0 && values.start !== names.start;
  if (isInside) return values;
  return { start: names.start, candidates: listed([...values.candidates, ...names.candidates]) };
}

function unusedNames({ options, flags }: CommandSpec, typed: readonly Word[]): readonly string[] {
  const keys = typed.map((word) => asOption(word)?.key);
  const used = typed.map(asFlag);
  return [
    ...options.filter(({ name }) => !keys.includes(name)).map(({ name }) => `${name}=`),
    ...flags.filter(({ name }) => !used.includes(name)).map(({ name }) => `--${name}`),
  ];
}

function valuesFor(
  line: string,
  partial: string,
  argument: ArgumentSpec,
  { facts, specs }: CompletionGrammar,
): Completion {
  if (argument.oneOf !== undefined) return fitting(line, partial, argument.oneOf);
  switch (argument.kind) {
    case 'targets':
      return targets(line, partial, facts);
    case 'host':
      return fitting(line, partial, facts.hosts.keys());
    case 'op':
      return fitting(
        line,
        partial.startsWith('op-') ? partial : `op-${partial}`,
        facts.ops,
        partial,
      );
    case 'service':
      return fitting(line, partial, facts.services.keys());
    case 'image':
      return fitting(line, partial, imageWords(partial, facts));
    case 'command':
      return fitting(
        line,
        partial,
        specs.map(({ name }) => name),
      );
    case 'word':
    case 'number':
    case 'text':
      return nothing(line);
    default:
      return argument.kind satisfies never;
  }
}

/** The operand after the last operator: `@builders!buil` is completed from `buil` on. */
function targets(line: string, partial: string, { hosts, pools }: CompletionFacts): Completion {
  const operand = /[^,!&^]*$/.exec(partial)?.[0] ?? '';
  if (operand.includes('[')) return nothing(line);
  if (operand.startsWith('@')) return fitting(line, operand, poolWords(pools));
  const words = operand === '' ? [...poolWords(pools), ...hosts.keys()] : hosts.keys();
  return fitting(line, operand, words);
}

function poolWords(pools: CompletionFacts['pools']): readonly string[] {
  return Array.from(pools.keys(), (name) => `@${name}`);
}

/** Names first; versions once somebody has typed the `@`. */
function imageWords(partial: string, { images }: CompletionFacts): Iterable<string> {
  return partial.includes('@') ? images.keys() : images.values().map(({ name }) => name);
}

/** The words that begin with what was typed, which replace `replaced`. */
function fitting(
  line: string,
  partial: string,
  words: Iterable<string>,
  replaced = partial,
): Completion {
  const start = line.length - replaced.length;
  const typed = partial.toLowerCase();
  return { start, candidates: listed(Array.from(words).filter((word) => word.startsWith(typed))) };
}

function listed(words: readonly string[]): readonly string[] {
  return [...new Set(words)].sort().slice(0, MOST_CANDIDATES);
}

function nothing(line: string): Completion {
  return { start: line.length, candidates: [] };
}
