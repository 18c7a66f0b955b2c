import type {
  ArgumentSpec,
  Arguments,
  ArgumentValue,
  CommandSpec,
} from '../../jobs/model/command-spec.ts';
import { argumentValue } from './argument-value.ts';
import type { CommandFacts } from './command-facts.ts';
import { stranger } from './look-alike.ts';
import { type Complaint, Misread, orComplaint } from './misread.ts';
import { meaning, nearestKnown } from './nearest-known.ts';
import { type ParseProblem, parseProblem } from './parse-problem.ts';
import { restOfLine, valueStart } from './rest-of-line.ts';
import { examplesOf, takesRest, usage } from './usage.ts';
import { asFlag, asOption, type Split, splitWords, type Word } from './words.ts';

export interface Grammar<Spec extends CommandSpec = CommandSpec> {
  readonly specs: readonly Spec[];
  readonly facts: CommandFacts;
  readonly prefix: string;
}

/** A line that is a command: everything in it was looked up. */
export interface ParsedCommand<Spec extends CommandSpec = CommandSpec> {
  readonly kind: 'command';
  readonly spec: Spec;
  readonly args: Arguments;
  /** Names of the flags that were typed, without `--`. */
  readonly flags: ReadonlySet<string>;
}

/**
 * Parses the command that begins at an offset of a line (after the prefix, as `addressed` says). Never throws for what
 * people type. Columns in problems count from the start of the line.
 */
export function parseCommand<Spec extends CommandSpec>(
  line: string,
  grammar: Grammar<Spec>,
  from = 0,
): ParsedCommand<Spec> | ParseProblem {
  const split = splitWords(line, from);
  const [name] = split.words;
  if (name === undefined) return withoutName(line, from, split, grammar);
  const spec = findSpec(name.text, grammar.specs);
  if (spec === undefined) return unknownCommand(line, name, grammar);
  const read = orComplaint(() => readArguments(line, spec, split, grammar));
  if ('made' in read) return { kind: 'command', spec, ...read.made };
  const example = exampleFor(spec, read.bad, grammar.prefix);
  return {
    ...parseProblem(read.bad, { line, about: 'arguments', example }),
    command: spec.name,
  };
}

/** By its name or an alias, in whatever case a phone wrote it. */
export function findSpec<Spec extends CommandSpec>(
  typed: string,
  specs: readonly Spec[],
): Spec | undefined {
  const name = typed.toLowerCase();
  return specs.find((spec) => spec.name === name || spec.aliases?.includes(name));
}

function withoutName(line: string, from: number, split: Split, grammar: Grammar): ParseProblem {
  const nothing = {
    at: from,
    word: '',
    problem: 'there is no command here',
    expected: 'the name of a command',
  };
  const example = `${grammar.prefix}help`;
  return parseProblem(split.complaint ?? nothing, { line, about: 'line', example });
}

function unknownCommand(line: string, name: Word, { specs, prefix }: Grammar): ParseProblem {
  const foreign = stranger(name.text);
  const meant = nearestKnown(foreign?.meant ?? name.text, namesOf(specs));
  const near = meant === undefined ? undefined : findSpec(meant, specs);
  const [example = `${prefix}help`] = near === undefined ? [] : examplesOf(near, prefix);
  const complaint = {
    at: name.start,
    word: name.text,
    problem: `there is no such command${foreign === undefined ? '' : ` (${foreign.explained})`}`,
    expected: `a command that ${prefix}help lists`,
    ...meaning(meant),
  };
  return parseProblem(complaint, { line, about: 'command', example });
}

function namesOf(specs: readonly CommandSpec[]): readonly string[] {
  return specs.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
}

/** An example that shows the option the problem is about, else the first one. */
function exampleFor(spec: CommandSpec, { word }: Complaint, prefix: string): string {
  const examples = examplesOf(spec, prefix);
  const key = /^([a-z][a-z0-9_-]*)=/i.exec(word)?.[1];
  const showing = examples.find((example) => example.includes(` ${key}=`));
  return showing ?? examples[0] ?? usage(spec, prefix);
}

interface Reading {
  readonly line: string;
  readonly spec: CommandSpec;
  readonly grammar: Grammar;
  readonly args: Record<string, ArgumentValue>;
  readonly flags: Set<string>;
  /** Positional arguments that were not typed yet. */
  readonly waiting: ArgumentSpec[];
  readonly taken: Word[];
  /** The argument that takes the rest of the line, once that has begun. */
  rest?: { readonly argument: ArgumentSpec; readonly kept: Word[] };
}

function readArguments(
  line: string,
  spec: CommandSpec,
  { words, complaint }: Split,
  grammar: Grammar,
): Pick<ParsedCommand, 'args' | 'flags'> {
  const waiting = [...spec.positional];
  const reading: Reading = { line, spec, grammar, args: {}, flags: new Set(), waiting, taken: [] };
  for (const word of words.slice(1)) readWord(reading, word);
  if (reading.rest !== undefined) readRest(reading, reading.rest, complaint === undefined);
  else if (complaint !== undefined) throw new Misread(complaint);
  refuseMissing(reading);
  return { args: reading.args, flags: reading.flags };
}

function readWord(reading: Reading, word: Word): void {
  if (readOption(reading, word) || readFlag(reading, word)) reading.taken.push(word);
  else if (reading.rest !== undefined) reading.rest.kept.push(word);
  else readPositional(reading, word);
}

/** Whether the word was an option of this command. In a text, another command's options are text. */
function readOption(reading: Reading, word: Word): boolean {
  const typed = asOption(word);
  if (typed === undefined) return false;
  const option = reading.spec.options.find(({ name }) => name.toLowerCase() === typed.key);
  if (option === undefined) {
    if (reading.rest !== undefined) return false;
    throw unknownOption(reading, word, typed.key);
  }
  if (Object.hasOwn(reading.args, option.name)) throw typedTwice(word, typed.key);
  reading.args[option.name] = valueAt(reading, option, typed.value, (at) =>
    at === 0 ? valueStart(word) : (word.at[typed.from + at] ?? word.end),
  );
  return true;
}

function readFlag({ spec, flags, rest }: Reading, word: Word): boolean {
  const flag = asFlag(word);
  if (flag === undefined) return false;
  if (spec.flags.some(({ name }) => name === flag)) {
    flags.add(flag);
    return true;
  }
  if (rest !== undefined) return false;
  throw unknownFlag(spec, word, flag);
}

function readPositional(reading: Reading, word: Word): void {
  const argument = reading.waiting.shift();
  if (argument === undefined) throw oneTooMany(reading, word);
  if (takesRest(argument)) reading.rest = { argument, kept: [word] };
  else {
    const place = (at: number) => (at === 0 ? word.start : (word.at[at] ?? word.end));
    reading.args[argument.name] = valueAt(reading, argument, word.text, place);
  }
}

function readRest(
  reading: Reading,
  { argument, kept }: NonNullable<Reading['rest']>,
  isWhole: boolean,
): void {
  const { line, taken, grammar } = reading;
  const start = kept[0]?.start ?? line.length;
  const text = restOfLine({ line, start, taken, kept, isWhole });
  const typed = argument.kind === 'command' ? withoutPrefix(text, grammar.prefix) : text;
  reading.args[argument.name] = valueAt(reading, argument, typed, () => start);
}

function withoutPrefix(command: string, prefix: string): string {
  return command.startsWith(prefix) ? command.slice(prefix.length) : command;
}

/** The value of an argument, with complaints moved to where it stands in the line. */
function valueAt(
  { grammar }: Reading,
  argument: ArgumentSpec,
  typed: string,
  place: (at: number) => number,
): ArgumentValue {
  const read = orComplaint(() => argumentValue(argument, typed, grammar.facts));
  if ('made' in read) return read.made;
  throw new Misread({ ...read.bad, at: place(read.bad.at) });
}

function refuseMissing({ line, spec, args, grammar }: Reading): void {
  const isMissing = ({ name, required }: ArgumentSpec) => required && !Object.hasOwn(args, name);
  const positional = spec.positional.find(isMissing);
  const missing = positional ?? spec.options.find(isMissing);
  if (missing === undefined) return;
  const shown = positional === undefined ? `${missing.name}=` : missing.name;
  const problem = `${grammar.prefix}${spec.name} needs ${shown} here`;
  throw new Misread({ at: line.length, word: '', problem, expected: missing.expected });
}

function unknownOption({ spec, grammar }: Reading, word: Word, key: string): Misread {
  const keys = spec.options.map(({ name }) => name);
  const near = nearestKnown(key, keys);
  const command = `${grammar.prefix}${spec.name}`;
  const expected =
    keys.length === 0
      ? `no options, as in ${usage(spec, grammar.prefix)}`
      : keys.map((name) => `${name}=…`).join(' or ');
  const meant = near === undefined ? undefined : `${near}=`;
  const problem = `${command} has no option ${key}=`;
  return new Misread({ at: word.start, word: word.text, problem, expected, ...meaning(meant) });
}

function unknownFlag(spec: CommandSpec, word: Word, flag: string): Misread {
  const names = spec.flags.map(({ name }) => name);
  const near = nearestKnown(flag, names);
  const meant = near === undefined ? undefined : `--${near}`;
  const expected = names.length === 0 ? 'no flags' : names.map((name) => `--${name}`).join(' or ');
  const problem = `${spec.name} has no flag --${flag}`;
  return new Misread({ at: word.start, word: word.text, problem, expected, ...meaning(meant) });
}

function typedTwice(word: Word, key: string): Misread {
  const problem = `${key}= was already given`;
  return new Misread({ at: word.start, word: word.text, problem, expected: `${key}= only once` });
}

function oneTooMany({ spec, grammar }: Reading, word: Word): Misread {
  const problem = 'this is one word too many';
  const expected = usage(spec, grammar.prefix);
  return new Misread({ at: word.start, word: word.text, problem, expected });
}
