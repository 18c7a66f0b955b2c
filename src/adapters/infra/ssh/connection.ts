import type { Duplex } from 'node:stream';
import { NodeSSH } from 'node-ssh';
import type { Client } from 'ssh2';
import { type Failure, rootMessage } from '../../../domain/failure.ts';
import type { HostKeys } from '../../../jobs/ports/host-keys.ts';
import { hostKeyAlgorithms, hostKeyFailure, keyBlob } from './host-key.ts';
import { loginKey, type SshLogin } from './login-key.ts';
import type { Hop } from './route.ts';
import type { Sharable } from './shared-connection.ts';
import { notAccepted, unreachable } from './unreachable.ts';

export interface ConnectionOptions {
  readonly login: SshLogin;
  readonly hostKeys: HostKeys;
  readonly readyTimeoutMs: number;
  readonly keepaliveMs: number;
}

export interface Connection extends Sharable {
  readonly client: Client;
  /** Tells why, once it is gone, until it is told to stop: what waits for `gone` itself stays in memory as long as it stands. */
  whenGone(listener: (because: string) => void): () => void;
  /** The same without waiting: undefined while it stands. */
  whyGone(): string | undefined;
}

/** Logs in at one hop, through `tunnel` when there is a hop before it. A Failure has effect `none`: nothing was run. */
export async function openConnection(
  hop: Hop,
  tunnel: Duplex | undefined,
  options: ConnectionOptions,
): Promise<Connection> {
  const expected = await options.hostKeys.expected(hop.host);
  const known = expected === undefined ? undefined : keyBlob(expected);
  let refused: Failure | undefined;
  const ssh = new NodeSSH();
  const ready = ssh.connect({
    ...(await loginKey(options.login)),
    ...addressOf(hop, tunnel),
    username: hop.user,
    readyTimeout: options.readyTimeoutMs,
    keepaliveInterval: options.keepaliveMs,
    keepaliveCountMax: 3,
    algorithms: { serverHostKey: hostKeyAlgorithms(known) },
    hostVerifier(shown: Buffer) {
      if (known?.equals(shown)) return true;
      refused = hostKeyFailure(hop.host, shown, known);
      return false;
    },
  });
  // connect() has made its client by now: it waits only for a key file, and we read that ourselves.
  const client = ssh.connection as Client;
  const end = watchEnd(client);
  try {
    await ready;
  } catch (cause) {
    client.destroy();
    throw refused ?? loginFailure(hop, cause, options.readyTimeoutMs);
  }
  return { client, ...end, close: () => client.end() };
}

function addressOf({ address, port }: Hop, tunnel: Duplex | undefined) {
  return tunnel === undefined ? { host: address, port } : { sock: tunnel };
}

/**
 * node-ssh takes its own error listener away when the connection is ready; without this one a reset connection would be
 * an uncaught exception.
 */
function watchEnd(client: Client): Pick<Connection, 'gone' | 'whenGone' | 'whyGone'> {
  const listeners = new Set<(because: string) => void>();
  let because = 'the connection was closed';
  let why: string | undefined;
  client.on('error', (error) => {
    because = rootMessage(error);
  });
  const gone = new Promise<string>((resolve) => {
    client.on('close', () => {
      why = because;
      resolve(because);
    });
  });
  gone.then((because) => {
    for (const listener of listeners) listener(because);
  });
  return {
    gone,
    whenGone(listener) {
      if (why === undefined) listeners.add(listener);
      else gone.then(listener);
      return () => void listeners.delete(listener);
    },
    whyGone: () => why,
  };
}

function loginFailure(hop: Hop, cause: unknown, readyTimeoutMs: number): Failure {
  const level = (cause as { level?: string }).level;
  const { host, address, port } = hop;
  if (level === 'client-authentication') return notAccepted(hop, cause);
  const because =
    level === 'client-timeout' ? `no login within ${readyTimeoutMs} ms` : rootMessage(cause);
  return unreachable(host, `${address}:${port}: ${because}`, cause);
}
