import { EventEmitter } from 'node:events';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { lineReader } from './line-reader.ts';

export interface TlsSettings {
  readonly host: string;
  readonly port: number;
  /** In PEM; the machine's own authorities when absent. */
  readonly ca?: string;
  /** The client's own, in PEM. */
  readonly cert?: string;
  readonly key?: string;
}

export type TransportClass = new () => EventEmitter;

/**
 * The library's own transport takes no authority, keeps what never becomes a line, and dies of a line that its parsers
 * do not expect. It makes one of these for each connection; what they are given is bound beforehand.
 */
export function tlsTransport(
  settings: TlsSettings,
  report: (problem: unknown) => void,
): TransportClass {
  return class extends EventEmitter {
    #socket: TLSSocket | undefined;
    #failure: Error | false = false;

    connect(): void {
      const { host } = settings;
      const named = isIP(host) === 0 && { servername: host };
      const socket = connect({ ...settings, ...named, rejectUnauthorized: true });
      this.#socket = socket;
      socket.setNoDelay(true);
      socket.once('secureConnect', () => this.emit('open'));
      socket.on(
        'data',
        lineReader((line) => this.#bring(line)),
      );
      socket.on('error', (error) => {
        this.#failure = error;
      });
      socket.on('close', () => this.emit('close', this.#failure));
    }

    #bring(line: string): void {
      try {
        this.emit('line', line);
      } catch (problem) {
        report(problem);
      }
    }

    /** One line, whatever it was made of. */
    writeLine(line: string, done?: () => void): void {
      if (this.#socket?.writable)
        this.#socket.write(`${line.replace(/[\r\n\0]+/g, ' ')}\r\n`, done);
      else if (done) process.nextTick(done);
    }

    close(isForced: boolean): void {
      if (isForced || this.#socket?.connecting) this.#socket?.destroy();
      else this.#socket?.end();
    }

    disposeSocket(): void {
      this.#socket?.destroy();
    }

    setEncoding(): boolean {
      return true;
    }
  };
}
