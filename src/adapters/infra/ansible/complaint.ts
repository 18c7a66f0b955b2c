import type { RunTexts } from './run-texts.ts';

const MOST_LINES = 200;

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
      // `ERROR! …` until ansible-core 2.18, `[ERROR]: …` from 2.19 on.
      const error = lines.find((line) => /^(?:ERROR!|\[ERROR\]:)/.test(line));
      const said = error?.replace(/^\S+\s+/, '') ?? lines.findLast((line) => line !== '') ?? '';
      const place = lines.join('\n').match(PLACE)?.groups;
      return place === undefined ? said : `${said} (${place.file} line ${place.line})`;
    },
  };
}

const PLACE =
  /^The error appears to be in '(?<file>[^']+)': line (?<line>\d+)|^Origin: (?<file>[^\s:]+):(?<line>\d+)/m;
