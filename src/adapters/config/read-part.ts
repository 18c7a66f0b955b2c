import type * as z from 'zod';
import type { Complaint } from './config-file.ts';
import { type ConfigPart, inside, problemOf } from './config-part.ts';
import { anyOf, didYouMean } from './did-you-mean.ts';
import { ConfigError, type Path, type Problem } from './problem.ts';
import { isSecretKey, secretComplaint } from './secret-keys.ts';

export type ReadPart<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/** A part of the configuration as its schema understands it, or every problem with file, line and column. */
export function readPart<T>(part: ConfigPart, schema: z.ZodType<T>): ReadPart<T> {
  const parsed = schema.safeParse(part.value, { reportInput: true, error: knownKeysAsMessage });
  if (parsed.success) return { kind: 'read', value: parsed.data };
  return {
    kind: 'refused',
    problems: parsed.error.issues.flatMap((issue) => problemsOf(part, issue)),
  };
}

/** The same for a driver or a network and its own schema. Throws a ConfigError. */
export function parsePart<T>(part: ConfigPart, schema: z.ZodType<T>): T {
  const read = readPart(part, schema);
  if (read.kind === 'refused') throw new ConfigError(read.problems);
  return read.value;
}

/** Zod tells which object or record refused a key only here, and only a text can be handed on. */
const knownKeysAsMessage: z.core.$ZodErrorMap = ({ code, inst }) => {
  if (code !== 'unrecognized_keys') return undefined;
  const { def } = (inst as z.ZodObject | z.ZodRecord)._zod;
  const known = def.type === 'object' ? Object.keys(def.shape) : (def.keyType._zod.values ?? []);
  return [...known].map(String).join(' ');
};

function problemsOf(part: ConfigPart, issue: z.core.$ZodIssue): Problem[] {
  const place = inside(part, ...pathOf(issue));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      problemOf(inside(place, key), unknownKey(key, issue.message.split(' '))),
    );
  }
  if (issue.code === 'invalid_union' && !saysWhatIsExpected(issue.message)) {
    const inner = likeliest(issue.errors).flatMap((one) => problemsOf(place, one));
    if (inner.length > 0) return inner;
  }
  return [problemOf(place, complaintAbout(place, issue))];
}

function complaintAbout(place: ConfigPart, issue: z.core.$ZodIssue): Complaint {
  if (issue.code === 'invalid_key') return badKey(place, issue);
  if (place.value === undefined && place.path.length > 0) return missing(place, issue);
  if (issue.code === 'invalid_value') return notOneOf(place, issue.values.map(String));
  const expected = expectedBy(issue);
  if (isSecretKey(String(place.path.at(-1)))) return badNameOfSecret(place, expected);
  return {
    message: `${label(place.path)} is ${shown(place)}`,
    expected,
    next: remedy(place, issue),
  };
}

/** What stands there may be the secret itself. */
function badNameOfSecret({ path }: ConfigPart, expected: string): Complaint {
  return {
    at: 'key',
    message: `${label(path)} is not a name, and what stands there is not shown`,
    expected,
    next: 'name the secret here and keep it in the environment or in a file',
    value: undefined,
  };
}

function unknownKey(key: string, known: readonly string[]): Complaint {
  if (isSecretKey(key)) return secretComplaint(key);
  return {
    at: 'key',
    message: `unknown key "${key}"`,
    expected: anyOf(known),
    next: didYouMean(key, known) ?? 'remove it',
  };
}

function badKey({ path }: ConfigPart, { issues }: z.core.$ZodIssueInvalidKey): Complaint {
  const message = `"${path.at(-1)}" cannot be a name here`;
  const expected = issues[0] === undefined ? 'another name' : expectedBy(issues[0]);
  return { at: 'key', message, expected, next: 'rename it' };
}

function missing({ path }: ConfigPart, issue: z.core.$ZodIssue): Complaint {
  const key = String(path.at(-1));
  const expected =
    issue.code === 'invalid_value' ? anyOf(issue.values.map(String)) : expectedBy(issue);
  return { message: `"${key}" is missing`, expected, next: `add ${key}` };
}

function notOneOf(place: ConfigPart, known: readonly string[]): Complaint {
  return {
    message: `${label(place.path)} is ${shown(place)}`,
    expected: anyOf(known),
    next: didYouMean(String(place.value), known) ?? 'use one of these words',
  };
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list in [brackets]',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};

function expectedBy(issue: z.core.$ZodIssue): string {
  if (saysWhatIsExpected(issue.message)) return issue.message.slice('expected '.length);
  if (issue.code === 'invalid_type') return WORDS[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_format') return `text of the form ${issue.pattern ?? issue.format}`;
  if (issue.code === 'too_small') return `at least ${issue.minimum}${unitOf(issue.origin)}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}${unitOf(issue.origin)}`;
  return issue.message;
}

function unitOf(origin: string): string {
  if (origin === 'array') return ' of them';
  return origin === 'string' ? ' characters' : '';
}

function remedy({ file, path, value }: ConfigPart, issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return 'correct it';
  if (value === null) return 'give it a value; one that begins with #, !, @ or * needs quotes';
  const isText = typeof value === 'string';
  const isScalar = isText || typeof value === 'number' || typeof value === 'boolean';
  if (issue.expected === 'array' && isScalar) return `write [${file.written(path) ?? value}]`;
  if (issue.expected === 'number' && isText && /^\d+$/.test(value)) {
    return `write it without quotes: ${value}`;
  }
  if (issue.expected === 'string' && isScalar) {
    return `put it in quotes: "${file.written(path) ?? value}"`;
  }
  return 'correct it';
}

function shown({ file, path, value }: ConfigPart): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value !== 'string') return `${file.written(path) ?? value}, a ${typeof value}`;
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

/** `versions[0]`: the last key, and the index where there is one. */
function label(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  return typeof last === 'number' ? `${label(path.slice(0, -1))}[${last}]` : last;
}

/** The alternative that got furthest is most likely the one that was meant. */
function likeliest(alternatives: readonly (readonly z.core.$ZodIssue[])[]) {
  const depth = (issues: readonly z.core.$ZodIssue[]) =>
    Math.max(0, ...issues.map(({ path }) => path.length));
  return [...alternatives].sort((a, b) => depth(b) - depth(a))[0] ?? [];
}

function pathOf({ path }: z.core.$ZodIssue): Path {
  return path.map((step) => (typeof step === 'number' ? step : String(step)));
}

function saysWhatIsExpected(message: string): boolean {
  return message.startsWith('expected ');
}
