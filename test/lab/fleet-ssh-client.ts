import type { Duplex } from 'node:stream';
import { Client, type ConnectConfig } from 'ssh2';

export interface Login {
  readonly port: number;
  readonly privateKey: string;
  /** A connection that is there already, e.g. through a jump host. */
  readonly sock?: Duplex;
}

export interface Connected {
  readonly client: Client;
  /** The host key that was shown, as OpenSSH writes it. */
  readonly hostKey: string;
}

/** Logs in with ssh2 alone, and takes whatever host key is shown. */
export function connect({ port, privateKey, sock }: Login): Promise<Connected> {
  const client = new Client();
  let hostKey = '';
  const config: ConnectConfig = {
    host: '127.0.0.1',
    port,
    username: 'root',
    privateKey,
    hostVerifier: (key: Buffer) => {
      hostKey = `ssh-ed25519 ${key.toString('base64')}`;
      return true;
    },
    ...(sock === undefined ? {} : { sock: sock as NonNullable<ConnectConfig['sock']> }),
  };
  return new Promise((resolve, reject) => {
    client.once('ready', () => resolve({ client, hostKey }));
    client.on('error', reject);
    client.once('close', () => reject(new Error('closed')));
    client.connect(config);
  });
}

export interface Ran {
  /** Undefined when the connection was cut before the end. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export function exec(client: Client, line: string, stdin = ''): Promise<Ran> {
  return new Promise((resolve, reject) => {
    client.exec(line, (error, channel) => {
      if (error) return reject(error);
      let [stdout, stderr] = ['', ''];
      let code: number | undefined;
      channel.on('data', (chunk: Buffer) => {
        stdout += chunk;
      });
      channel.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk;
      });
      channel.on('exit', (exit: number) => {
        code = exit;
      });
      channel.on('close', () => resolve({ code, stdout, stderr }));
      channel.end(stdin);
    });
  });
}

/** A way to another port through this connection. */
export function forward(client: Client, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, '127.0.0.1', port, (error, channel) =>
      error ? reject(error) : resolve(channel),
    );
  });
}
