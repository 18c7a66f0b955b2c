import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Failure, rootMessage } from '../../../domain/failure.ts';
import type { HostName, OpId } from '../../../domain/ids.ts';
import type { InventorySource } from '../../../jobs/ports/ports.ts';
import type { InstallServerConfig } from '../../infra/install-server/install-server-config.ts';
import type { InstallTokens } from '../../infra/install-server/install-tokens.ts';
import { type GiveOptions, giveByHost, giveByToken } from './give-installer.ts';
import { allowedMethods, installRoute, type Route } from './install-routes.ts';
import { plainAddress, rateLimit } from './rate-limit.ts';
import { NOT_FOUND, type Reply, sendReply, text } from './reply.ts';
import { takeReport } from './take-report.ts';
import { tokensOfLiveOperations } from './tokens-of-live-operations.ts';

export interface InstallServerOptions {
  readonly config: InstallServerConfig;
  readonly tokens: InstallTokens;
  readonly inventory: InventorySource;
  readonly log: (message: string) => void;
  /** By the journal. Throws when it cannot be asked. */
  readonly hasEnded: (op: OpId) => Promise<boolean>;
  /** The addresses of a host of the inventory; by default what its name resolves to here. */
  readonly addressesOf?: (host: HostName) => Promise<readonly string[]>;
  readonly limits?: Partial<InstallServerLimits>;
}

export interface InstallServerLimits {
  /** Requests of one address at once, and how many more a second. */
  readonly burst: number;
  readonly perSecond: number;
  readonly connectionsPerAddress: number;
  /** Until the headers, and the whole request, have come. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** How long a socket may be silent, while files go out too. */
  readonly idleMs: number;
}

const LIMITS: InstallServerLimits = {
  burst: 60,
  perSecond: 2,
  connectionsPerAddress: 16,
  headersMs: 5_000,
  requestMs: 15_000,
  idleMs: 30_000,
};

export interface InstallServer {
  readonly port: number;
  /** Ends what is under way, and takes no more. Twice is harmless. */
  close(): Promise<void>;
}

/**
 * Hands an installer to the one host whose operation has an open token, and "boot from disk" to everybody else; takes the
 * installer's report. Several may run over the same tokens.
 */
export async function startInstallServer(options: InstallServerOptions): Promise<InstallServer> {
  const limits = { ...LIMITS, ...options.limits };
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(1_000, limits.headersMs),
      keepAliveTimeout: 5_000,
      maxHeaderSize: 8 * 1024,
    },
    requestListener(options, limits),
  );
  server.timeout = limits.idleMs;
  server.maxConnections = 500;
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('connection', limitConnections(limits.connectionsPerAddress));
  await listen(server, options.config);
  const { port } = server.address() as AddressInfo;
  return { port, close: () => stop(server) };
}

function requestListener(options: InstallServerOptions, { burst, perSecond }: InstallServerLimits) {
  const limit = rateLimit({ burst, perSecond, monotonic: () => performance.now() });
  const { config, inventory, log } = options;
  const tokens = tokensOfLiveOperations(options.tokens, options.hasEnded);
  const give = { url: config.url, files: config.files, tokens, inventory, log };
  const addressesOf = options.addressesOf ?? resolvedBy(inventory);

  async function answer(request: IncomingMessage, address: string): Promise<Reply> {
    const route = installRoute(request.url ?? '');
    if (route === undefined) return NOT_FOUND;
    if (!allowedMethods(route).includes(request.method ?? '')) return text('not allowed\n', 405);
    const isOf = async (host: HostName) => (await addressesOf(host)).includes(address);
    return giveRoute({ give, isOf }, route, request);
  }

  return async (request: IncomingMessage, response: ServerResponse) => {
    const address = plainAddress(request.socket.remoteAddress ?? '');
    // What is left of a request that is not read would be taken for the next one.
    if (request.method !== 'GET' && request.method !== 'HEAD') response.shouldKeepAlive = false;
    try {
      const reply = limit.takes(address)
        ? await answer(request, address)
        : text('too many requests\n', 429);
      if (reply.kind === 'text' && [403, 404, 405].includes(reply.status)) limit.penalize(address);
      await sendReply(response, reply);
    } catch (error) {
      log(`${address} got no answer: ${rootMessage(error)}`);
      if (response.headersSent) response.destroy();
      else await sendReply(response, text('not now\n', 503));
    }
  };
}

interface Giving {
  readonly give: GiveOptions;
  readonly isOf: (host: HostName) => Promise<boolean>;
}

async function giveRoute(
  { give, isOf }: Giving,
  route: Route,
  request: IncomingMessage,
): Promise<Reply> {
  switch (route.kind) {
    case 'health':
      return text('ok\n');
    case 'host':
      return giveByHost(give, route.host, () => isOf(route.host));
    case 'token':
      if (route.what === 'report') return takeReport(give, route.token, request);
      return giveByToken(give, route.token, route.what);
    default:
      return route satisfies never;
  }
}

function resolvedBy(inventory: InventorySource) {
  return async (name: HostName): Promise<readonly string[]> => {
    const host = inventory.current().hosts.get(name);
    if (host === undefined) return [];
    // No answer is not "this address": then it boots from disk.
    const found = await lookup(host.address, { all: true }).catch(() => []);
    return found.map(({ address }) => address);
  };
}

/** More than a host needs, from one address, is closed at once. */
function limitConnections(most: number) {
  const open = new Map<string, number>();
  return (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    const now = (open.get(address) ?? 0) + 1;
    open.set(address, now);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
    if (now > most) socket.destroy();
  };
}

async function listen(server: Server, { listen: address, port }: InstallServerConfig) {
  server.listen(port, address);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new Failure({
      code: 'installer.cannot-listen',
      problem: `The install server cannot listen on ${address} port ${port}`,
      because: rootMessage(cause),
      effect: 'none',
      next: 'Give it an address of this machine and a free port under zones.ZONE.drivers.reports.',
      cause,
    });
  }
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
