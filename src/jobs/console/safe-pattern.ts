const LONGEST = 200;
const MOST_REPEATS = 2;
const MOST_CHOICES = 4;

/*
 * A token of a regular expression: an escape, a class, the beginning of a group, its end with what repeats it, or a
 * repeat with the sign that makes it lazy.
 */
const TOKEN =
  /\\(?<escaped>k<|.)|\[(?:\\.|[^\]\\])*\]|\((?<group>\?(?:[:=!]|<[=!]|<))?|(?<after>\)(?:[*+]|\{\d+(?:,\d*)?\}))|(?<repeat>[*+]|\{\d+(?:,\d*)?\})\??|(?<choice>\?|\|)|./gsu;

/**
 * Why a pattern is not one that may be tried on whatever a host prints, or undefined. What is left takes a time that
 * grows with a small power of a line's length, and lines are cut: nothing in it repeats what repeats already.
 */
export function patternProblem(source: string): string | undefined {
  if (source.length > LONGEST) return `a pattern of at most ${LONGEST} characters`;
  const compiled = compile(source);
  if (typeof compiled === 'string') return compiled;
  if (compiled.test('')) return 'a pattern that an empty line does not match';
  return costlyPart([...source.matchAll(TOKEN)].map(({ groups = {} }) => groups));
}

function compile(source: string): RegExp | string {
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    return `a regular expression (${error instanceof Error ? error.message : error})`;
  }
}

type Token = Readonly<Record<string, string | undefined>>;

function costlyPart(tokens: readonly Token[]): string | undefined {
  const count = (part: string) => tokens.filter((token) => token[part] !== undefined).length;
  if (tokens.some(({ escaped = '' }) => /^[1-9k]/.test(escaped))) return 'no back-references';
  if (tokens.some(({ group = '' }) => /[=!]/.test(group)))
    return 'nothing that looks ahead or behind';
  if (count('after') > 0) return 'no group that is repeated';
  if (count('repeat') > MOST_REPEATS) return `at most ${MOST_REPEATS} of *, + and {n,m}`;
  return count('choice') > MOST_CHOICES ? `at most ${MOST_CHOICES} of ? and |` : undefined;
}
