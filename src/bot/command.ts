import type { OpId } from '../domain/ids.ts';
import type { Person } from '../domain/inventory.ts';
import type { Arguments, CommandSpec } from '../jobs/model/command-spec.ts';
import type { Source } from '../jobs/model/event.ts';
import type { Bot } from './bot.ts';
import type { Sender } from './chat-network.ts';

/** Who typed it, where, and as which message. */
export interface Asker {
  /** Undefined for somebody whom the directory does not know. */
  readonly person: Person | undefined;
  /** Why the directory does not know them. */
  readonly unknown?: { readonly because: string; readonly next: string };
  /** What the network vouches for; undefined when it vouches for nothing. */
  readonly account: string | undefined;
  /** What people call them there; only for talking back. */
  readonly shown: string;
  readonly network: string;
  readonly channel: string;
  readonly message: Source;
  /** Who the network says they are, asked now. */
  readonly anew?: () => Promise<Sender>;
  /** Takes down that they were told no, and why. */
  readonly note?: (because: string) => void;
}

export interface Asked {
  readonly asker: Asker;
  readonly args: Arguments;
  readonly flags: ReadonlySet<string>;
  /** As it was typed, without the prefix. */
  readonly text: string;
  /** Goes on after the reply to this, while other messages of the channel are answered; what it gives is said then. */
  readonly later: (work: LaterWork) => void;
  /** It was accepted as this operation. */
  readonly began: (op: OpId) => void;
}

export type LaterWork = (signal: AbortSignal) => Promise<Answered>;

/** Lines for the channel. None where the narrator says what happened. */
export type Reply = readonly string[];

/** A reply, or one that says no to something of what was asked. */
export type Answered = Reply | { readonly refused: Reply };

export function linesIn(answered: Answered): Reply {
  return 'refused' in answered ? answered.refused : answered;
}

/** A command is one file under `commands/` with this as its default export. */
export interface Command {
  readonly spec: CommandSpec;
  /**
   * `rule`: the rules decide before it runs. `known`: anybody whom the directory knows may type it, and it decides by
   * the operation that it is about. `account`: anybody whom the network vouches for, also while the directory cannot be
   * asked, and it decides by the account.
   */
  readonly rights: 'rule' | 'known' | 'account';
  run(asked: Asked, bot: Bot): Promise<Answered>;
}

export function defineCommand(command: Command): Command {
  return command;
}
