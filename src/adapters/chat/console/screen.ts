import type { Outgoing } from '../../../bot/chat-network.ts';

/** Where the channel is shown. */
export interface Screen {
  /** A message of the bot. */
  show(message: Pick<Outgoing, 'key' | 'lines' | 'as'>): void;
  /** Lines of the terminal itself, which nobody in the channel said. */
  note(lines: readonly string[]): void;
}
