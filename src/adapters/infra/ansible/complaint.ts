import type { RunTexts } from './run-texts.ts';

const MOST_LINES = 200;
const PLACE =
  /^The error appears to be in '(?<file>[^']+)': line (?<line>\d+)|^Origin: (?<file>[^\s:]+):(?<line>\d+)/m;

/** What ansible-playbook says on stdout and stderr, of which only an error is worth telling. */
export interface Complaint {
  take(line: string): void;
  /** In one line, with the place in the playbook where it names one; empty when it said nothing. */
  text(): string;
}

export function complaintOf({ show }: RunTexts): Complaint {
  const lines: string[] = [];
  return {
    take(line) {
      lines.push(show(line).trim());
      if (lines.length > MOST_LINES) lines.shift();
    },
    text() {
      const said = syntaxError(lines) ?? error(lines) ?? lines.findLast((line) => line !== '');
      const place = lines.join('\n').match(PLACE)?.groups;
      if (said === undefined || place === undefined) return said ?? '';
      return `${said} (${place.file} line ${place.line})`;
    },
  };
}

/** What the parser missed stands on the line below. */
function syntaxError(lines: readonly string[]): string | undefined {
  const place = lines.findIndex((line) => line.startsWith('Syntax Error'));
  return place < 0 ? undefined : `${lines[place]} ${lines[place + 1] ?? ''}`.trim();
}

/** `ERROR! …` until ansible-core 2.18, `[ERROR]: …` from 2.19 on. */
function error(lines: readonly string[]): string | undefined {
  return lines.find((line) => /^(?:ERROR!|\[ERROR\]:)/.test(line))?.replace(/^\S+\s+/, '');
}
