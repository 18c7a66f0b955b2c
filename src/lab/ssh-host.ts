import { createServer, type Server as NetServer, type Socket } from 'node:net';
import ssh2, { type Connection } from 'ssh2';
import type { Fleet } from '../adapters/simulated/fleet/fleet.ts';
import { answers } from '../adapters/simulated/fleet/lab-host.ts';
import { sshExec } from './ssh-exec.ts';
import { forwardWithin } from './ssh-forward.ts';
import { sshLogin } from './ssh-login.ts';

export interface SshHostOptions {
  readonly fleet: Fleet;
  readonly host: string;
  /** In OpenSSH's form. */
  readonly clientKey: string;
  /** Where a jump host may lead to; undefined for a host that is none. */
  readonly isLabPort?: (port: number) => boolean;
}

/** A simulated host's SSH server. It is there while the host is. */
export interface SshHost {
  readonly listener: NetServer;
  /** Cuts the connections that were made before the host went down. */
  cutDead(): void;
  cutAll(): void;
}

export function sshHost(options: SshHostOptions): SshHost {
  const { fleet, host } = options;
  const open = new Map<Socket, string | undefined>();
  const listener = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    if (!takesConnections(fleet, host)) {
      socket.resetAndDestroy();
      return;
    }
    open.set(socket, fleet.host(host).bootId);
    socket.once('close', () => open.delete(socket));
    serve(socket, options);
  });
  const cut = (isCut: (bootId: string | undefined) => boolean) => {
    for (const [socket, bootId] of open) if (isCut(bootId)) socket.resetAndDestroy();
  };
  return {
    listener,
    cutDead: () => cut((bootId) => bootId !== fleet.host(host).bootId),
    cutAll: () => cut(() => true),
  };
}

function takesConnections(fleet: Fleet, host: string): boolean {
  return answers(fleet.host(host)) && !fleet.world().faults.strike(host, 'ssh-refused');
}

/** A server of its own for each connection, because the host key is another one after a reinstallation. */
function serve(socket: Socket, { fleet, host, clientKey, isLabPort }: SshHostOptions): void {
  const { hostKey } = fleet.host(host).system;
  const server = new ssh2.Server({ hostKeys: [hostKey.privateKey] }, (client) => {
    client.on('error', () => {});
    client.on('authentication', sshLogin(clientKey));
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _, { command }) => {
        const channel = acceptExec();
        channel.on('error', () => {});
        sshExec({ fleet, host, line: command, channel }).then(
          (end) => end === 'lost' && socket.destroySoon(),
          () => socket.destroySoon(),
        );
      });
    });
    forward(client, isLabPort);
  });
  server.injectSocket(socket);
}

function forward(client: Connection, isLabPort: SshHostOptions['isLabPort']): void {
  if (isLabPort !== undefined) forwardWithin(client, isLabPort);
  else client.on('tcpip', (_, reject) => reject());
}
