import type { HostName } from '../../../domain/ids.ts';
import type { RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import { type Came, failed, NotAsked, passed } from './came.ts';
import { openConnection } from './connect.ts';

const CONNECTED = 'a connection';
/** Of `timeout`, and of a program that is not there. */
const TOO_LATE = 124;
const NOT_THERE = [126, 127];

export async function askTcp(address: string, port: number, signal: AbortSignal): Promise<Came> {
  const socket = await openConnection(address, port, signal);
  socket.destroy();
  return passed(CONNECTED);
}

/** With bash's own `/dev/tcp`, since netcat is not everywhere and its kinds differ. */
export async function askTcpFrom(
  { shell, from }: { readonly shell: RemoteShell; readonly from: HostName },
  { address, port, timeoutMs }: { address: string; port: number; timeoutMs: number },
  signal: AbortSignal,
): Promise<Came> {
  const seconds = `${Math.ceil(timeoutMs / 1000)}`;
  const open = 'exec 3<>"/dev/tcp/$1/$2"';
  const argv = ['timeout', seconds, 'bash', '-c', open, 'signalbox', address, `${port}`];
  const { code } = await shell.run(from, { argv, timeoutMs: timeoutMs + 5_000 }, signal);
  if (code === 0) return passed(CONNECTED);
  if (NOT_THERE.includes(code)) throw new NotAsked(`${from} has no bash or no timeout`);
  return failed(code === TOO_LATE ? 'no connection in time' : 'connection refused');
}
