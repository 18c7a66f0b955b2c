import type { IrcMessage } from 'irc-framework';
import type { Link } from './link.ts';

/** Until we have our nick again: soon at first, then now and then. */
const TRIES_MS = [0, 3_000, 10_000];
const EVERY_MS = 60_000;
const SERVICES = 'NickServ';

export interface NickKeeper {
  /** Every line of the server. */
  hear(message: IrcMessage): void;
  stop(): void;
}

/**
 * Gets our nick back when somebody else has it, or services took it from us: asks services to give it (they know us by our
 * account; the word for it is Anope's or Atheme's), and takes it as soon as it is free.
 */
export function keepNick(wanted: string, link: Link, command: (line: string) => void): NickKeeper {
  let tries = 0;
  let timer: NodeJS.Timeout | undefined;

  function regain(): void {
    clearTimeout(timer);
    if (link.isSame(link.nick, wanted)) {
      tries = 0;
      return;
    }
    for (const line of attempt(wanted, tries)) command(line);
    tries += 1;
    timer = setTimeout(regain, TRIES_MS[tries] ?? EVERY_MS);
  }

  timer = setTimeout(regain, TRIES_MS[0]);
  return {
    hear({ command: what, nick }) {
      if (what !== 'QUIT' && what !== 'NICK') return;
      const isOurs = link.isSame(nick, link.nick);
      if (!isOurs && link.isSame(nick, wanted)) command(`NICK ${wanted}`);
      if (!isOurs) return;
      clearTimeout(timer);
      timer = setTimeout(regain, TRIES_MS[1]);
    },
    stop: () => clearTimeout(timer),
  };
}

function attempt(wanted: string, tries: number): readonly string[] {
  const take = `NICK ${wanted}`;
  if (tries % 3 === 0) return [`PRIVMSG ${SERVICES} :RECOVER ${wanted}`];
  if (tries % 3 === 1) return [`PRIVMSG ${SERVICES} :REGAIN ${wanted}`, take];
  return [take];
}
