import { quoteWords, unquoteWords } from './quote.ts';

/** Everything that is ever sent to a host for execution is one of these, quoted. */
export interface RemoteLine {
  readonly argv: readonly string[];
  readonly sudo: boolean;
  readonly limitSeconds: number;
}

/** Runs under `timeout` on the target, which ends it even when nobody is connected any more. */
export function formatRemoteLine({ argv, sudo, limitSeconds }: RemoteLine): string {
  const limited = ['timeout', '-k', '5', String(limitSeconds), ...argv];
  return quoteWords(sudo ? ['sudo', '-n', '--', ...limited] : limited);
}

/** Reads back what `formatRemoteLine` wrote, for a simulated host; undefined for anything else. */
export function parseRemoteLine(line: string): RemoteLine | undefined {
  const words = unquoteWords(line);
  const sudo = words[0] === 'sudo';
  const [timeout, , , limit, ...argv] = sudo ? words.slice(3) : words;
  if (timeout !== 'timeout' || argv.length === 0) return undefined;
  return { argv, sudo, limitSeconds: Number(limit) };
}
