import { quoteWords } from '../ssh/quote.ts';
import { formatRemoteLine, type RemoteLine } from '../ssh/remote-line.ts';

/*
 * ssh ends with 255 for a command that ended with 255, for one that a signal ended and for a connection that broke. So the
 * far end says itself, last thing on stderr, how the command ended. A signal is 128 and its number there, as in any
 * shell. What that shell says about a signal is thrown away, what the command says is not; in parentheses, because dash
 * redirects its own stderr too while it waits for a simple command.
 */
const REPORT = `token=$1; shift
exec 3>&2 2>/dev/null
(exec "$@" 2>&3 3>&-)
code=$?
printf '\\036%s %d\\036' "$token" "$code" >&3
exit "$code"`;

/** A line that reports its end with `token`, which nobody there can know before. */
export function formatReportedLine(line: RemoteLine, token: string): string {
  const [print, ...rest] = formatRemoteLine(line).split('; exec ');
  const report = quoteWords(['sh', '-c', REPORT, 'signalbox', token]);
  return `${print}; exec ${report} ${rest.join('; exec ')}`;
}

/** Looks for the report in what comes from stderr, which may cut it anywhere. */
export class EndReport {
  private readonly pattern: RegExp;
  private last = '';
  private found: number | undefined;

  constructor(token: string) {
    this.pattern = new RegExp(`\x1e${token} (\\d+)\x1e`);
  }

  push(chunk: Buffer): void {
    if (this.found !== undefined) return;
    const text = this.last + chunk.toString('latin1');
    const code = this.pattern.exec(text)?.[1];
    if (code !== undefined) this.found = Number(code);
    this.last = text.slice(-100);
  }

  /** Undefined as long as no end was reported. */
  get code(): number | undefined {
    return this.found;
  }

  /** What the command itself said. */
  without(stderr: string): string {
    return stderr.replace(this.pattern, '');
  }
}
