import { once } from 'node:events';
import type { Socket } from 'node:net';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';

/** Somebody at a client: what they send is a line as it stands, and what they heard are the server's lines. */
export interface Person {
  readonly nick: string;
  /** Every line so far, without tags. */
  readonly heard: readonly string[];
  /** Every line so far, as it came. */
  readonly raw: readonly string[];
  readonly isConnected: boolean;
  send(line: string): void;
  /** Whatever bytes. */
  sendRaw(text: string): void;
  say(channel: string, text: string): void;
  /** The next line that matches, among those that nobody waited for yet. */
  hears(what: RegExp, withinMs?: number): Promise<string>;
  /** What somebody said somewhere, in order. */
  saidBy(nick: string, where: string): readonly string[];
  leave(): Promise<void>;
}

export interface Identity {
  readonly account: string;
  readonly password: string;
}

/** Logs in over a connection, joins channels, and is identified where an identity is given. */
export async function connectPerson(
  socket: Socket,
  nick: string,
  channels: readonly string[],
  identity?: Identity,
): Promise<Person> {
  socket.setEncoding('utf8');
  const raw: string[] = [];
  const heard: string[] = [];
  let rest = '';
  let seen = 0;
  let isConnected = true;
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isConnected = false;
  });
  socket.on('data', (part: string) => {
    const lines = (rest + part).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });

  function take(line: string): void {
    const words = line.replace(/^@\S+ /, '');
    raw.push(line);
    heard.push(words);
    if (words.startsWith('PING ')) person.send(`PONG ${words.slice(5)}`);
  }

  const person: Person = {
    nick,
    heard,
    raw,
    get isConnected() {
      return isConnected;
    },
    send: (line) => void socket.write(`${line}\r\n`),
    sendRaw: (text) => void socket.write(text),
    say: (channel, text) => person.send(`PRIVMSG ${channel} :${text}`),
    async hears(what, withinMs = PATIENCE_MS) {
      const next = () => heard.findIndex((line, place) => place >= seen && what.test(line));
      const found = () => next() >= 0;
      await eventually(found, withinMs, () => `${nick} hears ${what} in\n${heard.join('\n')}`);
      seen = next() + 1;
      return heard[seen - 1] ?? '';
    },
    saidBy: (who, where) =>
      heard.flatMap((line) => {
        const said = /^:([^!]+)!\S+ (?:PRIVMSG|NOTICE) (\S+) :(.*)$/.exec(line);
        return said?.[1] === who && said[2] === where ? [said[3] ?? ''] : [];
      }),
    async leave() {
      if (!isConnected) return;
      socket.end('QUIT :gone\r\n');
      await once(socket, 'close');
    },
  };

  person.send('CAP REQ :server-time message-tags account-tag');
  person.send('CAP END');
  person.send(`NICK ${nick}`);
  person.send(`USER ${nick} 0 * :${nick}`);
  await person.hears(/ 376 | 422 /);
  if (identity !== undefined) {
    person.say('NickServ', `IDENTIFY ${identity.account} ${identity.password}`);
    await person.hears(/ 900 /);
  }
  for (const channel of channels) {
    person.send(`JOIN ${channel}`);
    await person.hears(new RegExp(` 366 \\S+ ${channel} `));
  }
  return person;
}
