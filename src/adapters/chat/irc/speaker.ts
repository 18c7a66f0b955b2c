import type { IrcMessage } from 'irc-framework';
import type { MessageRef, Outgoing } from '../../../bot/chat-network.ts';
import { cutLine, roomFor } from './cut-line.ts';
import { type FloodBudget, floodBudget, type Pace } from './flood-budget.ts';
import { type Flight, type Outcome, outcomesOf } from './in-flight.ts';
import { awayNow, stoppedBefore } from './irc-failure.ts';
import type { Link } from './link.ts';
import { type Added, createOutbox, type Entry } from './outbox.ts';

/** Lines under way at one time. */
const WINDOW = 6;
/** After so long without a word about a line the server is asked whether it is through with it. */
const UNHEARD_MS = 8_000;
const LOOK_AGAIN_MS = 500;
/** A server that owes us a word for so long reads what we sent all at once, whenever it does: that time gains us no line. */
const STALLED_MS = 1_000;
/** A connection that is back so soon was hardly away. */
const AWAY_MS = 5_000;
/** A line that was refused is tried again after this, for so long; then it is left out. */
const REFUSED_MS = 5_000;
const GIVE_UP_MS = 120_000;
/** Of an answer; whoever wants more asks for less. */
const MOST_PIECES = 12;

export interface SpeakerOptions {
  readonly pace: Pace;
  readonly log: (message: string) => void;
  readonly newId: () => string;
  /** Whether we are in the channel, or may speak there without. */
  readonly isOpen: (channel: string) => boolean;
  readonly isChannel: (target: string) => boolean;
  /** Milliseconds of a clock that only goes forwards. */
  readonly now?: () => number;
}

/** Says what is to be said as fast as the server bears it, and knows what arrived. */
export interface Speaker {
  /**
   * Settles once all of it arrived. A Failure while there is no connection, but for a moment; when it is asked for again, what
   * arrived is not said again.
   */
  say(message: Outgoing, more?: Added): Promise<MessageRef>;
  /** A line of the protocol, before everything that waits. */
  command(line: string): void;
  connected(link: Link): void;
  /** Only what comes first is said until this is called. */
  holdBack(isHeldBack: boolean): void;
  disconnected(): void;
  /** Every line of the server. */
  hear(message: IrcMessage): void;
  /** Something changed that it may have waited for. */
  wake(): void;
  /** Settles once nothing is under way, or after so long. */
  settle(withinMs: number): Promise<void>;
  stop(): void;
}

interface Line {
  readonly link: Link;
  readonly budget: FloodBudget;
}

export function createSpeaker(options: SpeakerOptions): Speaker {
  const { log, newId, now = () => performance.now() } = options;
  const outbox = createOutbox(newId);
  /** Since when a channel takes nothing of what we say. */
  const refusing = new Map<string, number>();
  let flights: Flight[] = [];
  let line: Line | undefined;
  let isHeldBack = false;
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  /** Since when there is no connection. */
  let awaySince = now();

  const isSayable = ({ isFirst, message }: Entry) =>
    (isFirst || !isHeldBack) && options.isOpen(message.channel);

  function pump(): void {
    clearTimeout(timer);
    if (line === undefined) waitForConnection();
    else sayOn(line);
  }

  function sayOn({ link, budget }: Line): void {
    const isStalled = skipStall(budget);
    giveUp();
    while (flights.length < WINDOW) {
      const entry = outbox.next(now(), isSayable);
      if (entry === undefined || !budget.take(now())) break;
      send(entry, link);
    }
    askForUnheard();
    const waits = flights.length > 0 || outbox.entries.length > 0;
    const inMs = isStalled ? LOOK_AGAIN_MS : Math.max(budget.wait(now()), 1);
    if (waits) timer = setTimeout(pump, Math.min(inMs, LOOK_AGAIN_MS));
  }

  function skipStall(budget: FloodBudget): boolean {
    const isStalled = flights.some(({ askedAt = now() }) => now() - askedAt > STALLED_MS);
    if (isStalled) budget.skip(now());
    return isStalled;
  }

  function waitForConnection(): void {
    const leftMs = awaySince + AWAY_MS - now();
    if (leftMs <= 0) outbox.fail(({ message }) => awayNow(message.channel));
    else if (outbox.entries.length > 0) timer = setTimeout(pump, leftMs);
  }

  function send(entry: Entry, link: Link): void {
    const target = entry.message.channel;
    entry.pieces ??= piecesOf(entry.message, roomFor(link.mask, target));
    const text = entry.pieces[entry.sent];
    if (text === undefined) {
      outbox.finish(entry, refOf(entry), now());
      return;
    }
    entry.sent += 1;
    const label = `s${++count}`;
    const sentAt = now();
    const askedAt = link.can('echo-message') ? sentAt : undefined;
    flights.push({ entry, target, text, label, sentAt, askedAt, barrier: undefined });
    const tag = link.can('labeled-response') ? `@label=${label} ` : '';
    link.write(`${tag}PRIVMSG ${target} :${text}`);
  }

  /** Where the server echoes nothing, a PING after the last line tells when it is through with it. */
  function askForUnheard(): void {
    if (line === undefined) return;
    const { link, budget } = line;
    const patience = link.can('echo-message') ? UNHEARD_MS : 0;
    const open = flights.filter(({ barrier }) => barrier === undefined);
    const isLate = open.some(({ sentAt }) => now() - sentAt >= patience);
    const isDue =
      patience > 0 || flights.length >= WINDOW || outbox.next(now(), isSayable) === undefined;
    if (!isLate || !isDue) return;
    const token = `through-${++count}`;
    for (const flight of open) {
      flight.barrier = token;
      flight.askedAt ??= now();
    }
    budget.spend(now());
    link.write(`PING ${token}`);
  }

  function settleOutcome(outcome: Outcome): void {
    const { flight } = outcome;
    if (!flights.includes(flight)) return;
    if (outcome.kind === 'arrived') arrived(flight, outcome.id);
    else refused(flight, outcome.because);
  }

  function arrived(flight: Flight, id: string | undefined): void {
    const { entry, target } = flight;
    flights = flights.filter((one) => one !== flight);
    refusing.delete(target);
    entry.arrived += 1;
    entry.id ??= id;
    if (entry.arrived >= (entry.pieces?.length ?? 0)) outbox.finish(entry, refOf(entry), now());
  }

  function refused({ entry, target }: Flight, because: string): void {
    flights = flights.filter((one) => one.entry !== entry);
    entry.sent = entry.arrived;
    entry.heldUntil = now() + REFUSED_MS;
    if (refusing.has(target)) return;
    refusing.set(target, options.isChannel(target) ? now() : Number.NEGATIVE_INFINITY);
    log(`${target} does not take what we say: ${because}`);
  }

  /** What a place does not take for long is left out, so that the others hear theirs. */
  function giveUp(): void {
    for (const entry of outbox.entries) {
      const { channel } = entry.message;
      const isOpen = options.isOpen(channel);
      if (!isOpen && !refusing.has(channel)) refusing.set(channel, now());
      const since = refusing.get(channel) ?? now();
      const wasTried = !isOpen || entry.heldUntil > 0;
      if (!wasTried || entry.sent > entry.arrived || now() - since < GIVE_UP_MS) continue;
      log(`left out for ${channel}: ${entry.message.lines[0] ?? ''}`);
      outbox.finish(entry, refOf(entry), now());
      if (!options.isChannel(channel)) refusing.delete(channel);
    }
  }

  function refOf({ message, id }: Entry): MessageRef {
    return { channel: message.channel, id: id ?? newId() };
  }

  return {
    say(message, more) {
      const said = outbox.add(message, now(), more);
      pump();
      return said;
    },
    command(text) {
      line?.budget.spend(now());
      line?.link.write(text);
    },
    connected(link) {
      refusing.clear();
      line = { link, budget: floodBudget(options.pace, now()) };
      pump();
    },
    holdBack(held) {
      isHeldBack = held;
      pump();
    },
    disconnected() {
      line = undefined;
      flights = [];
      awaySince = now();
      outbox.rewind();
      pump();
    },
    hear(message) {
      if (line === undefined || flights.length === 0) return;
      const { link, budget } = line;
      skipStall(budget);
      const hearing = {
        ownNick: link.nick,
        echoes: link.can('echo-message'),
        isSame: link.isSame,
      };
      const outcomes = outcomesOf(message, flights, hearing);
      outcomes.forEach(settleOutcome);
      if (outcomes.length > 0) pump();
    },
    wake: pump,
    async settle(withinMs) {
      const deadline = now() + withinMs;
      while (line !== undefined && flights.length > 0 && now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    stop() {
      clearTimeout(timer);
      line = undefined;
      flights = [];
      outbox.fail(({ message }) => stoppedBefore(message.channel));
    },
  };
}

function piecesOf({ lines, as }: Outgoing, room: number): readonly string[] {
  const pieces = lines.flatMap((text) => cutLine(text, room));
  if (as !== 'reply' || pieces.length <= MOST_PIECES) return pieces;
  const shown = pieces.slice(0, MOST_PIECES - 1);
  return [...shown, `… and ${pieces.length - shown.length} lines more than a channel can bear`];
}
