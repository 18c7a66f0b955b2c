const BLANK = /\s/;
/** What a shell would give a meaning to, outside quotes. */
const SPECIAL = /[|&;<>()$`*?[\]#~={}!\n]/;

/**
 * The words of a line as a POSIX shell would split it, with its quotes. Undefined when the line has anything that only a
 * shell can do, or an open quote: a simulated host has no shell.
 */
export function sshWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let place = 0;
  while (place < line.length) {
    if (BLANK.test(line.charAt(place))) {
      place += 1;
      continue;
    }
    const word = wordAt(line, place);
    if (word === undefined) return undefined;
    words.push(word.text);
    place = word.end;
  }
  return words;
}

interface Piece {
  readonly text: string;
  readonly end: number;
}

function wordAt(line: string, start: number): Piece | undefined {
  let text = '';
  let place = start;
  while (place < line.length && !BLANK.test(line.charAt(place))) {
    const piece = pieceAt(line, place);
    if (piece === undefined) return undefined;
    text += piece.text;
    place = piece.end;
  }
  return { text, end: place };
}

function pieceAt(line: string, place: number): Piece | undefined {
  const char = line.charAt(place);
  if (char === "'") return singleQuoted(line, place);
  if (char === '"') return doubleQuoted(line, place);
  if (char === '\\') return escaped(line, place);
  return SPECIAL.test(char) ? undefined : { text: char, end: place + 1 };
}

function singleQuoted(line: string, place: number): Piece | undefined {
  const end = line.indexOf("'", place + 1);
  return end < 0 ? undefined : { text: line.slice(place + 1, end), end: end + 1 };
}

/** Substitutions inside are a shell's work. */
function doubleQuoted(line: string, place: number): Piece | undefined {
  const quoted = /^"((?:[^"\\$`]|\\[\s\S])*)"/.exec(line.slice(place));
  if (quoted === null) return undefined;
  const text = (quoted[1] ?? '').replaceAll(/\\(["\\$`])/g, '$1');
  return { text, end: place + quoted[0].length };
}

function escaped(line: string, place: number): Piece | undefined {
  const next = line.charAt(place + 1);
  return next === '' || next === '\n' ? undefined : { text: next, end: place + 2 };
}
