import { connect } from 'node:net';
import type { Connection, TcpipRequestInfo } from 'ssh2';

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

/** What a jump host does: carries connections to the SSH servers of the lab, and to nothing else. */
export function forwardWithin(client: Connection, isLabPort: (port: number) => boolean): void {
  client.on('tcpip', (accept, reject, { destIP, destPort }: TcpipRequestInfo) => {
    if (!LOOPBACK.includes(destIP) || !isLabPort(destPort)) return reject();
    const socket = connect({ port: destPort, host: '127.0.0.1', noDelay: true });
    socket.once('error', () => reject());
    socket.once('connect', () => {
      const channel = accept();
      socket.removeAllListeners('error');
      socket.on('error', () => channel.end());
      channel.on('error', () => socket.destroy());
      channel.on('close', () => socket.destroy());
      socket.on('close', () => channel.end());
      channel.pipe(socket).pipe(channel);
    });
  });
}
