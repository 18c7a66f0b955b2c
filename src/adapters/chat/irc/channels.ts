import type { IrcMessage } from 'irc-framework';
import type { Link } from './link.ts';

const LOOK_AGAIN_MS = 30_000;
/** After somebody threw us out. */
const REJOIN_MS = 5_000;
/** No such channel, too many, full, by invitation, banned, wrong key, only for the registered, unavailable, only with TLS. */
const REFUSALS = new Set(['403', '405', '437', '471', '473', '474', '475', '476', '477', '489']);

/** The channels that we are to be in, on one connection. */
export interface Channels {
  isIn(channel: string): boolean;
  /** Every line of the server. */
  hear(message: IrcMessage): void;
  stop(): void;
}

export interface ChannelsOptions {
  /** As the configuration writes them. */
  readonly wanted: readonly string[];
  readonly link: Link;
  readonly command: (line: string) => void;
  readonly joined: (channel: string) => void;
  readonly log: (message: string) => void;
}

/** Joins them, and again whenever one was lost or refused. */
export function keepChannels(options: ChannelsOptions): Channels {
  const { wanted, link, command, joined, log } = options;
  const inside = new Set<string>();
  const refused = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;

  const known = (name = '') => wanted.find((channel) => link.isSame(channel, name));
  const isUs = (nick = '') => link.isSame(nick, link.nick);

  function joinMissing(): void {
    const missing = wanted.filter((channel) => !inside.has(channel));
    if (missing.length > 0) command(`JOIN ${missing.join(',')}`);
    lookAgain(LOOK_AGAIN_MS);
  }

  function lookAgain(inMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(joinMissing, inMs);
  }

  function enter(channel: string): void {
    inside.add(channel);
    refused.delete(channel);
    joined(channel);
  }

  function lose(channel: string, why: string): void {
    inside.delete(channel);
    log(`not in ${channel} any more: ${why}`);
    lookAgain(REJOIN_MS);
  }

  joinMissing();
  return {
    isIn: (channel) => inside.has(channel),
    hear({ command: what, nick, params }) {
      if (REFUSALS.has(what)) {
        const channel = known(params[1]);
        const why = `${params.at(-1)} (${what})`;
        if (channel === undefined || inside.has(channel) || refused.get(channel) === why) return;
        refused.set(channel, why);
        log(`${channel} does not let us in: ${why}`);
        return;
      }
      const channel = known(params[0]);
      if (channel === undefined) return;
      if (what === 'JOIN' && isUs(nick)) enter(channel);
      if (what === 'PART' && isUs(nick)) lose(channel, 'parted');
      if (what === 'KICK' && isUs(params[1]))
        lose(channel, `kicked by ${nick}: ${params[2] ?? ''}`);
    },
    stop: () => clearTimeout(timer),
  };
}
