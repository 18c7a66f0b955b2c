import type { OpId } from '../domain/ids.ts';
import type { Ended } from '../jobs/model/event.ts';
import type { Card } from './narrator/card.ts';
import type { Situation } from './narrator/situation.ts';

/** What a network can do. Whatever is false is done in lines. */
export interface Capabilities {
  readonly edit: boolean;
  readonly threads: boolean;
  readonly reactions: boolean;
  /** Takes long texts as files. */
  readonly files: boolean;
  readonly formatting: 'plain' | 'markdown';
}

/** Where a message stands, by the network's own ids. */
export interface MessageRef {
  readonly channel: string;
  readonly id: string;
}

export interface Sender {
  /** What the network vouches for; undefined when it vouches for nothing, which gives no rights. */
  readonly id: string | undefined;
  /** What people see. Never used for anything but talking back. */
  readonly shown: string;
  /** Why it vouches for nothing, and what the sender can do about it there. */
  readonly unknown?: { readonly because: string; readonly next: string };
  /** Asks the network once more, past what it remembers of them: before something changes. Not where the message itself carries it all. */
  readonly anew?: () => Promise<Sender>;
}

export type Incoming =
  | {
      readonly kind: 'message';
      readonly ref: MessageRef;
      readonly sender: Sender;
      readonly text: string;
      /** Why it is no command though it reads like one: an old message that was edited, or one of another bot. */
      readonly refused?: NotTaken;
      /** Told once, when what came of it is known; for a network that has to say how a command ended. */
      readonly came?: (came: Came) => void;
    }
  | {
      readonly kind: 'reaction';
      /** The reaction's own id: it counts once. */
      readonly ref: MessageRef;
      readonly sender: Sender;
      /** The message reacted to. */
      readonly on: MessageRef;
      /** The message that the message reacted to answers or quotes. */
      readonly quotes?: MessageRef;
      readonly emoji: string;
      readonly change: 'added' | 'removed';
      /** Why it is no answer though it looks like one: it was brought again by somebody else than the network. */
      readonly refused?: NotTaken;
      /** A button: it does not stand under the message, and cannot be taken back. */
      readonly pressed?: true;
    }
  | {
      /** The network was away and is back: brought before anything is posted again. */
      readonly kind: 'returned';
      readonly awayMs: number;
      /** What people said meanwhile comes now; without it, it never comes. */
      readonly heardAll?: true;
    };

/** On record like whatever somebody was told no to. */
export interface NotTaken {
  readonly because: string;
  readonly next: string;
  /** Nobody is answered, and it uses up nothing of what the sender may ask. */
  readonly quietly?: true;
}

/** What came of a message. */
export interface Came {
  /** `misread`: it was no command that there is. `refused`: something of it. */
  readonly outcome: 'answered' | 'refused' | 'misread';
  /** What it asked for and was accepted; how that ends is told by what is said about it. */
  readonly operations: readonly OpId[];
}

export interface Outgoing {
  readonly channel: string;
  /** Stable for one thing that is said: a network that can, posts it once however often it is asked. */
  readonly key: string;
  /** One idea a line, without control characters. */
  readonly lines: readonly string[];
  /**
   * `card` stands for an operation and is edited as it goes on; `prompt` is a question with its own message, never
   * edited; `progress` may be coalesced or redrawn in place; `notice` and `reply` are plain.
   */
  readonly as: 'reply' | 'card' | 'progress' | 'prompt' | 'notice';
  /** Offered under a prompt. */
  readonly reactions?: readonly string[];
  /** The operation it tells of, and how that ended, where it does. */
  readonly about?: { readonly op: OpId; readonly ended?: Ended };
  /** The card this belongs to, where there are threads. */
  readonly thread?: MessageRef;
  /** What the lines were made from, for a network that gives it a form of its own; its words are not harmless yet. */
  readonly situation?: Situation;
  /** Of `as: 'card'`: the operation as it stands. The lines are for whoever sees only text, such as a notification. */
  readonly card?: Card;
  /** A text too long for a message, where `can.files`. */
  readonly file?: { readonly name: string; readonly text: string };
  /** The message that a reply answers. */
  readonly to?: MessageRef;
}

/** A reaction that stands under a message. */
export type StandingReaction = Pick<
  Extract<Incoming, { kind: 'reaction' }>,
  'ref' | 'sender' | 'emoji'
>;

/** One chat network. It carries messages and vouches for senders; it decides nothing. */
export interface ChatNetwork {
  readonly name: string;
  readonly can: Capabilities;
  /** Only who has this machine talks here: nobody is asked to slow down. */
  readonly private?: true;
  /** What it brings is kept until it was dealt with, and brought again by whoever talks there next. */
  readonly keeps?: true;
  /**
   * Connects, also again after it was stopped. `take` settles when a message was dealt with, and need not be waited for before
   * the next one is brought: who waits for whom is the bot's to say. What it throws is a bug, or with `keeps` was not dealt with:
   * a Failure, when it is to be brought again soon.
   */
  start(take: (incoming: Incoming) => Promise<void>): Promise<void>;
  /**
   * Settles when it was sent; progress may count as sent while it waits, and what a network leaves out, too. A Failure when it
   * could not be: whoever tells of operations posts it again.
   */
  post(message: Outgoing): Promise<MessageRef>;
  /**
   * Only where `can.edit`. Settles when it stands so there; who calls again meanwhile gets the newest, in fewer edits. `gone`:
   * somebody deleted the message, or it may not be edited any more; whoever needs one posts it anew.
   */
  edit(ref: MessageRef, message: Outgoing): Promise<'stands' | 'gone'>;
  /** All that stand under a message now, for what was pressed or taken back while nobody could hear it. Not on networks that bring that by themselves. */
  reactionsOn?(ref: MessageRef): Promise<readonly StandingReaction[]>;
  stop(): Promise<void>;
}
