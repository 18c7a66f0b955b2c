import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import type { LogCursor } from './log-cursor.ts';
import { READ_LOG } from './read-log-script.ts';

const MOST_BYTES = 64 * 1024;
const TIMEOUT_MS = 15_000;

/** Where a console's text is kept. */
export interface LogPlace {
  /** The host that has the file. */
  readonly on: HostName;
  readonly path: string;
}

export interface LogPart {
  readonly text: string;
  readonly next: LogCursor;
  readonly more: boolean;
  /** Whether it is still the text that was read before. */
  readonly how: 'same' | 'rotated' | 'truncated';
}

const Head = z
  .tuple([
    z.enum(['same', 'rotated', 'truncated']),
    z.string().regex(/^\d+$/),
    z.coerce.number().int(),
    z.string().regex(/^\d+$/),
    z.coerce.number().int(),
  ])
  .transform(([how, inode, offset, checksum, size]) => ({ how, inode, offset, checksum, size }));

/** What stands in the file after a place, at most 64 KiB of it; undefined where there is no such file. */
export async function readLog(
  shell: RemoteShell,
  { on, path }: LogPlace,
  from: LogCursor | 'end',
  signal: AbortSignal,
): Promise<LogPart | undefined> {
  const { inode, offset, checksum } =
    from === 'end' ? { inode: '0', offset: 'end', checksum: '0' } : from;
  const argv = ['sh', '-c', READ_LOG, 'signalbox', path, inode, `${offset}`, checksum];
  const command = { argv: [...argv, `${MOST_BYTES}`], asRoot: true, timeoutMs: TIMEOUT_MS };
  const { code, stdout, stderr } = await shell.run(on, command, signal);
  if (code !== 0) throw unreadable({ on, path }, stderr.trim() || `code ${code}`);
  if (stdout === 'absent\n') return undefined;
  const end = stdout.indexOf('\n');
  const head = Head.safeParse(stdout.slice(0, end).split(' '));
  if (!head.success) throw unreadable({ on, path }, 'what came is not what was asked for');
  const { how, size, ...next } = head.data;
  return { how, next, more: next.offset < size, text: stdout.slice(end + 1) };
}

function unreadable({ on, path }: LogPlace, because: string): Failure {
  return new Failure({
    code: 'console.unreadable',
    problem: `${path} on ${on} cannot be read`,
    because,
    effect: 'none',
    next: `Look at the file on ${on}, and at zones.….drivers.console in signalbox.yaml.`,
  });
}
