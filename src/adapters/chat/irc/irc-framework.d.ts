/** As much of it as is used here; the library brings no types. */
declare module 'irc-framework' {
  import type { TransportClass } from './tls-transport.ts';

  /** A line of the server. Of a prefix without `!` there is a nick, and neither user nor host. */
  export interface IrcMessage {
    readonly tags: Readonly<Record<string, string>>;
    readonly nick: string;
    readonly ident: string;
    readonly hostname: string;
    readonly command: string;
    readonly params: readonly string[];
  }

  export interface PrivmsgEvent {
    readonly nick: string;
    readonly hostname: string;
    /** A channel, or our nick; without the prefix of a group such as `@`. */
    readonly target: string;
    readonly group?: string;
    readonly message: string;
    readonly tags: Readonly<Record<string, string>>;
    /** When the server got it, in milliseconds since 1970 by its own clock. */
    readonly time?: number;
    readonly batch?: { readonly type: string };
  }

  export interface ClientEvents {
    registered: { readonly nick: string };
    loggedin: { readonly account: string };
    'sasl failed': { readonly reason: string; readonly message?: string };
    'irc error': { readonly error: string; readonly reason?: string };
    'nick in use': { readonly nick: string };
    'nick invalid': { readonly nick: string };
    'ping timeout': undefined;
    'socket close': Error | false;
    close: boolean;
    privmsg: PrivmsgEvent;
  }

  export type RawMiddleware = (
    command: string,
    message: IrcMessage,
    line: string,
    client: Client,
    next: () => void,
  ) => void;

  export class Client {
    constructor(options: {
      readonly host: string;
      readonly port: number;
      readonly nick: string;
      readonly username: string;
      readonly gecos: string;
      readonly version: string;
      readonly transport: TransportClass;
      readonly account: { readonly account?: string; readonly password?: string };
      readonly sasl_mechanism: 'PLAIN' | 'EXTERNAL';
      readonly sasl_disconnect_on_fail: boolean;
      readonly enable_echomessage: boolean;
      readonly auto_reconnect: boolean;
      readonly ping_interval: number;
      readonly ping_timeout: number;
    });
    readonly user: { readonly nick: string };
    readonly network: {
      readonly cap: { isEnabled(name: string): boolean };
      timeToLocal(serverTime: number): number;
    };
    readonly connection: { end(lastLine: string | null, hadError: boolean): void };
    connect(): void;
    raw(line: string): void;
    requestCap(names: readonly string[]): void;
    caseCompare(one: string, other: string): boolean;
    use(add: (client: Client, raw: { use(middleware: RawMiddleware): void }) => void): void;
    on<Name extends keyof ClientEvents>(
      name: Name,
      listener: (event: ClientEvents[Name]) => void,
    ): void;
  }
}
