import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Fleet } from '../adapters/simulated/fleet/fleet.ts';
import { type SshHost, sshHost } from './ssh-host.ts';

export interface FleetSshOptions {
  /** The one key that may log in, in OpenSSH's form. */
  readonly clientKey: string;
  /** Hosts that lead to the others. */
  readonly jumpHosts?: readonly string[];
  /** The first host's port, the others follow; any free ports when absent. */
  readonly firstPort?: number;
}

export interface FleetSshServers {
  /** Where each host listens on 127.0.0.1; the same through every reinstallation. */
  readonly ports: ReadonlyMap<string, number>;
  /** Cuts the connections of hosts that went down. Done by itself several times a second. */
  cutDead(): void;
  close(): Promise<void>;
}

const WATCH_MS = 50;

/** An SSH server for each host of a fleet, on loopback. */
export async function startFleetSshServers(
  fleet: Fleet,
  { clientKey, jumpHosts = ['bastion-01'], firstPort }: FleetSshOptions,
): Promise<FleetSshServers> {
  const ports = new Map<string, number>();
  const isLabPort = (port: number) => [...ports.values()].includes(port);
  const servers: SshHost[] = [];
  for (const host of fleet.world().hosts.keys()) {
    const leads = jumpHosts.includes(host) ? { isLabPort } : {};
    const server = sshHost({ fleet, host, clientKey, ...leads });
    servers.push(server);
    ports.set(host, await listen(server, firstPort === undefined ? 0 : firstPort + ports.size));
  }
  const cutDead = () => {
    for (const server of servers) server.cutDead();
  };
  const watch = setInterval(cutDead, WATCH_MS).unref();
  return {
    ports,
    cutDead,
    async close() {
      clearInterval(watch);
      await Promise.all(servers.map(stop));
    },
  };
}

async function listen({ listener }: SshHost, port: number): Promise<number> {
  listener.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  return (listener.address() as AddressInfo).port;
}

async function stop({ listener, cutAll }: SshHost): Promise<void> {
  const closed = once(listener, 'close');
  listener.close();
  cutAll();
  await closed;
}
