import { constants } from 'node:os';
import type { ClientChannel } from 'ssh2';
import { rootMessage } from '../../../domain/failure.ts';
import type { RemoteResult } from '../../../jobs/ports/remote-shell.ts';
import type { Connection } from './connection.ts';
import { KeptOutput } from './kept-output.ts';
import { formatRemoteLine, type RemoteLine } from './remote-line.ts';

/** What is kept of stdout, and of stderr. */
export const KEPT_BYTES = 256 * 1024;
/** How long after the command's end its output may stay silent and open, e.g. in the hands of a daemon it started. */
export const LINGER_MS = 2_000;

export interface ExecRequest {
  readonly line: RemoteLine;
  readonly stdin: string | Uint8Array;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

export type ExecEnd =
  | { readonly kind: 'ended'; readonly result: RemoteResult; readonly open: boolean }
  /** The connection was dead before the line was sent. */
  | { readonly kind: 'unsent'; readonly because: string }
  /** The server opened no channel for it. */
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'lost'; readonly because: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' };

/**
 * Runs one line in a channel of its own. It settles in any case: with the end of the command, of the connection or of
 * the limit, or at once when the signal says so. node-ssh's own execCommand keeps all output and cannot be stopped, and
 * a command that was cut off looks to it like one that ended, so ssh2's channel is used.
 */
export function execLine(connection: Connection, request: ExecRequest): Promise<ExecEnd> {
  const { line, stdin, limitMs, signal } = request;
  const formatted = formatRemoteLine(line);
  return new Promise((resolve) => {
    let channel: ClientChannel | undefined;
    const settle = (end: ExecEnd) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      ignore();
      // A connection that goes ends its channels first; why it went says more than how they ended.
      const because = end.kind === 'lost' ? connection.whyGone() : undefined;
      resolve(because === undefined ? end : { kind: 'lost', because });
    };
    const stop = (kind: 'timeout' | 'aborted') => {
      settle({ kind });
      if (channel !== undefined) stopChannel(channel);
    };
    const abort = () => stop('aborted');
    const timer = setTimeout(() => stop('timeout'), limitMs);
    signal.addEventListener('abort', abort, { once: true });
    const ignore = connection.whenGone((because) => settle({ kind: 'lost', because }));
    try {
      connection.client.exec(formatted, (error, opened) => {
        if (error) return settle(whyNotOpened(error));
        channel = opened;
        follow(opened, settle);
        opened.end(stdin);
      });
    } catch (error) {
      // Thrown where the connection is known to be dead, before anything is sent.
      settle({ kind: 'unsent', because: rootMessage(error) });
    }
  });
}

/**
 * The line is sent once its channel is open. A server that refuses the channel says so with a reason (RFC 4254 section
 * 5.1), and a connection that ends before it answered gives `No response from server` (ssh2 1.17, cleanup of its channels).
 * Anything else, `Unable to exec` too, may have come after the line was sent.
 */
function whyNotOpened(error: Error & { reason?: unknown }): ExecEnd {
  if (typeof error.reason === 'number') return { kind: 'refused', because: error.message };
  const unsent = error.message === 'No response from server';
  return { kind: unsent ? 'unsent' : 'lost', because: error.message };
}

function follow(channel: ClientChannel, settle: (end: ExecEnd) => void): void {
  const stdout = new KeptOutput(KEPT_BYTES);
  const stderr = new KeptOutput(KEPT_BYTES);
  let code: number | undefined;
  let linger: NodeJS.Timeout | undefined;
  const end = (open: boolean) => {
    clearTimeout(linger);
    if (code === undefined)
      return settle({ kind: 'lost', because: 'it ended without an exit code' });
    const truncated = stdout.truncated || stderr.truncated;
    const result = { code, stdout: stdout.text(), stderr: stderr.text(), truncated };
    settle({ kind: 'ended', result, open });
  };
  const keep = (output: KeptOutput) => (chunk: Buffer) => {
    linger?.refresh();
    output.push(chunk);
  };
  channel.on('data', keep(stdout));
  channel.stderr.on('data', keep(stderr));
  channel.on('error', () => {});
  channel.on('close', () => end(false));
  channel.on('exit', (exitCode: number | null, signalName?: string) => {
    code = exitCode ?? signalCode(signalName);
    linger = setTimeout(() => end(true), LINGER_MS);
  });
}

/** As a shell reports it: 128 and the number of the signal. */
function signalCode(name: string | undefined): number | undefined {
  const number = constants.signals[name as NodeJS.Signals];
  return number === undefined ? undefined : 128 + number;
}

/**
 * A hint only: sshd passes no signal into a session of root, and a closed channel does not end what runs in it. `timeout`
 * on the target does.
 */
function stopChannel(channel: ClientChannel): void {
  channel.signal('TERM');
  channel.close();
}
