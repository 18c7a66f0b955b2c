import { readFileSync } from 'node:fs';
import { Failure, rootMessage } from '../../domain/failure.ts';
import { LastingSentinelConnector } from './sentinel-connector.ts';
import type { ConnectionOptions } from './store.ts';

export interface StoreEnvironment {
  /** `redis://`, `rediss://` for TLS, or `redis+sentinel://HOST:PORT,HOST:PORT/NAME`, `rediss+sentinel://…`. */
  readonly REDIS_URL?: string | undefined;
  readonly REDIS_URL_FILE?: string | undefined;
  /** Before those in the address. */
  readonly REDIS_USERNAME?: string | undefined;
  readonly REDIS_PASSWORD?: string | undefined;
  readonly REDIS_PASSWORD_FILE?: string | undefined;
  readonly REDIS_SENTINEL_USERNAME?: string | undefined;
  readonly REDIS_SENTINEL_PASSWORD?: string | undefined;
  readonly REDIS_SENTINEL_PASSWORD_FILE?: string | undefined;
  /** Who signed the servers' certificates, where the system does not know it; our own certificate and its key. */
  readonly REDIS_CA_FILE?: string | undefined;
  readonly REDIS_CERT_FILE?: string | undefined;
  readonly REDIS_KEY_FILE?: string | undefined;
}

export interface StoreAddress {
  /** For people, without a password. */
  readonly shown: string;
  readonly options: ConnectionOptions;
  /** Sentinels say which server is the primary. */
  readonly sentinels: boolean;
}

const SENTINEL_PORT = 26_379;
const REDIS_PORT = 6_379;
const SENTINELS = /^(rediss?)\+sentinel:\/\/(?:([^@/]*)@)?([^@/]+)\/([^/?#]+)$/;

/** Undefined where the environment names no store. A Failure for one that nobody could reach. */
export function storeAddress(env: StoreEnvironment): StoreAddress | undefined {
  const url = settingOf(env, 'REDIS_URL');
  if (url === undefined) return undefined;
  const [, scheme, login, places, name] = SENTINELS.exec(url) ?? [];
  if (places !== undefined && name !== undefined) {
    return throughSentinels({ isTls: scheme === 'rediss', login, places, name }, env);
  }
  return direct(url, env);
}

function direct(url: string, env: StoreEnvironment): StoreAddress {
  if (url.startsWith('/'))
    return { shown: url, options: { path: url, ...loginOf(env) }, sentinels: false };
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === '') {
    throw unreadable(withoutLogin(url));
  }
  const { hostname, port, username, password, pathname, host, protocol } = parsed;
  const db = /^\/(\d+)$/.exec(pathname)?.[1];
  return {
    shown: host,
    sentinels: false,
    options: {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? REDIS_PORT : Number(port),
      ...(db !== undefined && { db: Number(db) }),
      ...loginOf(env, decodeURIComponent(username), decodeURIComponent(password)),
      ...(protocol === 'rediss:' && { tls: tlsOf(env) }),
    },
  };
}

interface Sentinels {
  readonly isTls: boolean;
  readonly login: string | undefined;
  readonly places: string;
  readonly name: string;
}

function throughSentinels(
  { isTls, login = '', places, name }: Sentinels,
  env: StoreEnvironment,
): StoreAddress {
  const [username = '', password = ''] = login.split(':').map(decodeURIComponent);
  const sentinelPassword = settingOf(env, 'REDIS_SENTINEL_PASSWORD');
  const sentinelUsername = settingOf(env, 'REDIS_SENTINEL_USERNAME');
  return {
    shown: `${name} of ${places}`,
    sentinels: true,
    options: {
      name,
      sentinels: places.split(',').map(sentinelAt),
      ...loginOf(env, username, password),
      ...(sentinelUsername && { sentinelUsername }),
      ...(sentinelPassword && { sentinelPassword }),
      ...(isTls && { tls: tlsOf(env), enableTLSForSentinelMode: true, sentinelTLS: tlsOf(env) }),
      // Sentinels tell when another server becomes the primary; one that was demoted says so itself.
      failoverDetector: true,
      Connector: LastingSentinelConnector,
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
    },
  };
}

function sentinelAt(place: string): { host: string; port: number } {
  const [, host, port] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(place) ?? [];
  if (host === undefined) throw unreadable(place);
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? SENTINEL_PORT : Number(port),
  };
}

function loginOf(env: StoreEnvironment, username = '', password = ''): ConnectionOptions {
  const user = settingOf(env, 'REDIS_USERNAME') ?? username;
  const secret = settingOf(env, 'REDIS_PASSWORD') ?? password;
  return { ...(user !== '' && { username: user }), ...(secret !== '' && { password: secret }) };
}

function tlsOf(env: StoreEnvironment): NonNullable<ConnectionOptions['tls']> {
  const { REDIS_CA_FILE: ca, REDIS_CERT_FILE: cert, REDIS_KEY_FILE: key } = env;
  return {
    ...(ca && { ca: contentOf(ca, 'REDIS_CA_FILE') }),
    ...(cert && { cert: contentOf(cert, 'REDIS_CERT_FILE') }),
    ...(key && { key: contentOf(key, 'REDIS_KEY_FILE') }),
  };
}

type FromEnvironment =
  | 'REDIS_URL'
  | 'REDIS_USERNAME'
  | 'REDIS_PASSWORD'
  | 'REDIS_SENTINEL_USERNAME'
  | 'REDIS_SENTINEL_PASSWORD';

/** Of the variable itself, or of the file that it names with `_FILE`. An empty one is none. */
function settingOf(env: StoreEnvironment, name: FromEnvironment): string | undefined {
  const direct = env[name];
  if (direct !== undefined && direct !== '') return direct;
  const variable = `${name}_FILE` as keyof StoreEnvironment;
  const file = env[variable];
  if (file === undefined || file === '') return undefined;
  return contentOf(file, variable).trim();
}

function contentOf(file: string, variable: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure({
      code: 'store.unreadable-file',
      problem: `What ${variable} names cannot be read`,
      because: rootMessage(cause),
      effect: 'none',
      next: `Put it there, and let the user that runs signalbox read it.`,
      cause,
    });
  }
}

function withoutLogin(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}

function unreadable(shown: string): Failure {
  return new Failure({
    code: 'store.bad-address',
    problem: `${shown} is not the address of a store`,
    because:
      'it is neither redis://HOST:PORT, rediss://HOST:PORT nor redis+sentinel://HOST:PORT,HOST:PORT/NAME',
    effect: 'none',
    next: 'Correct REDIS_URL.',
  });
}
