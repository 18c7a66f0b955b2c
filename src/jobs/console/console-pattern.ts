import type { SitePattern } from '../../domain/inventory.ts';

/** Something that may be seen on a console. */
export interface ConsolePattern {
  /** What it is, as people read it: `a kernel panic`. */
  readonly name: string;
  readonly severity: 'fatal' | 'warning';
  /** Of the failure, where it is fatal. */
  readonly code: string;
  /** Is tried on one line without control characters, which is not longer than LONGEST_LINE. */
  readonly matches: RegExp;
}

export function sitePattern({ match, severity }: SitePattern): ConsolePattern {
  return {
    name: `a match of ${match}`,
    severity,
    code: 'console.matched',
    matches: new RegExp(match, 'u'),
  };
}
