import { quoteWords, unquoteWords } from './quote.ts';

/** Everything that is ever sent to a host for execution is one of these, quoted. */
export interface RemoteLine {
  readonly argv: readonly string[];
  readonly sudo: boolean;
  readonly limitSeconds: number;
}

/**
 * Printed before the command starts: what comes before it on stdout was said by the account's start-up files, which shells
 * read for commands over SSH too. A simulated host need not print it.
 */
const START_MARK = '\x1esignalbox\x1e\n';
const PRINT_MARK = `${quoteWords(['printf', '\\036signalbox\\036\\n'])}; exec `;

/** Runs under `timeout` on the target, which ends it even when nobody is connected any more. */
export function formatRemoteLine({ argv, sudo, limitSeconds }: RemoteLine): string {
  const limited = ['timeout', '-k', '5', String(limitSeconds), ...argv];
  return PRINT_MARK + quoteWords(sudo ? ['sudo', '-n', '--', ...limited] : limited);
}

/** Reads back what `formatRemoteLine` wrote, for a simulated host; undefined for anything else. */
export function parseRemoteLine(line: string): RemoteLine | undefined {
  if (!line.startsWith(PRINT_MARK)) return undefined;
  const words = unquoteWords(line.slice(PRINT_MARK.length));
  const sudo = words[0] === 'sudo';
  const [timeout, , , limit, ...argv] = sudo ? words.slice(3) : words;
  if (timeout !== 'timeout' || argv.length === 0) return undefined;
  return { argv, sudo, limitSeconds: Number(limit) };
}

/** What the command itself printed. */
export function withoutNoise(stdout: string): string {
  const mark = stdout.indexOf(START_MARK);
  return mark < 0 ? stdout : stdout.slice(mark + START_MARK.length);
}
