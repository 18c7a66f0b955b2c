import { once } from 'node:events';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { Failure, rootMessage } from '../../../domain/failure.ts';

/** Looks its name up, connects and, with https, shakes hands; sends nothing. One line about who answered. */
export async function reach(url: URL, signal: AbortSignal): Promise<string> {
  const socket = open(url);
  try {
    await once(socket, socket instanceof TLSSocket ? 'secureConnect' : 'connect', { signal });
    return `${url.host} answers${certified(socket)}`;
  } catch (cause) {
    throw unreachable(
      url,
      signal.aborted ? 'it does not answer in time' : rootMessage(cause),
      cause,
    );
  } finally {
    socket.destroy();
  }
}

function open({ protocol, hostname, port }: URL): Socket {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'http:') return connectPlain({ host, port: Number(port || 80) });
  const named = isIP(host) === 0 && { servername: host };
  return connectTls({ host, port: Number(port || 443), ...named });
}

function certified(socket: Socket): string {
  if (!(socket instanceof TLSSocket)) return '';
  const { valid_to: until } = socket.getPeerCertificate();
  return `, its certificate is valid until ${new Date(until).toISOString().slice(0, 10)}`;
}

function unreachable(url: URL, because: string, cause: unknown): Failure {
  return new Failure({
    code: 'webhook.unreachable',
    problem: `${url.host} cannot be reached`,
    because,
    effect: 'none',
    next: 'Look at its address, at its certificate, and at what is between here and there.',
    cause,
  });
}
