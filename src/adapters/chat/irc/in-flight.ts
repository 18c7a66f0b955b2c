import type { IrcMessage } from 'irc-framework';
import type { Entry } from './outbox.ts';

/** A line that was sent, and of which nobody knows yet whether it arrived. */
export interface Flight {
  readonly entry: Entry;
  readonly target: string;
  readonly text: string;
  readonly label: string;
  readonly sentAt: number;
  /** Since when the server owes a word about it. */
  askedAt: number | undefined;
  /** The PING that was sent after it. */
  barrier: string | undefined;
}

export type Outcome =
  | { readonly kind: 'arrived'; readonly flight: Flight; readonly id: string | undefined }
  | { readonly kind: 'refused'; readonly flight: Flight; readonly because: string };

/** What the server can tell of our own lines. */
export interface Hearing {
  readonly ownNick: string;
  /** Whether it sends us our own messages as others receive them. */
  readonly echoes: boolean;
  isSame(one: string, other: string): boolean;
}

/**
 * What a line of the server says about lines of ours. A server answers in the order in which it was asked: the label that
 * we gave decides, where there are none the oldest line of that text or for that target; and a PONG tells of everything
 * before its PING.
 */
export function outcomesOf(
  message: IrcMessage,
  flights: readonly Flight[],
  hearing: Hearing,
): readonly Outcome[] {
  const { command, params } = message;
  if (command === 'PONG') return passedBy(params.at(-1) ?? '', flights, hearing.echoes);
  if (command === 'PRIVMSG' && hearing.isSame(message.nick, hearing.ownNick)) {
    const flight = labelled(message, flights) ?? ofText(message, flights, hearing);
    return flight === undefined ? [] : [{ kind: 'arrived', flight, id: message.tags.msgid }];
  }
  if (!/^[45]\d\d$/.test(command) && command !== 'FAIL') return [];
  const flight = labelled(message, flights) ?? forTarget(params, flights, hearing);
  const because = `${params.at(-1) ?? ''} (${command})`;
  return flight === undefined ? [] : [{ kind: 'refused', flight, because }];
}

function labelled({ tags }: IrcMessage, flights: readonly Flight[]): Flight | undefined {
  return tags.label === undefined ? undefined : flights.find(({ label }) => label === tags.label);
}

function ofText(
  { params }: IrcMessage,
  flights: readonly Flight[],
  { isSame }: Hearing,
): Flight | undefined {
  const [target = '', text = ''] = params;
  return flights.find((flight) => isSame(flight.target, target) && flight.text === text);
}

function forTarget(
  params: readonly string[],
  flights: readonly Flight[],
  { isSame }: Hearing,
): Flight | undefined {
  return flights.find(({ target }) => params.slice(1, -1).some((param) => isSame(param, target)));
}

/** Without an echo, what was not refused before the PONG arrived; with one, what was not echoed did not. */
function passedBy(token: string, flights: readonly Flight[], echoes: boolean): readonly Outcome[] {
  const last = flights.findLastIndex(({ barrier }) => barrier === token);
  const passed = flights.slice(0, last + 1);
  return passed.map((flight) =>
    echoes
      ? { kind: 'refused', flight, because: 'the server kept it to itself' }
      : { kind: 'arrived', flight, id: undefined },
  );
}
