import type { Incoming, MessageRef, Outgoing } from '../../../src/bot/chat-network.ts';

/** What goes to a bot that is a process of its own. */
export type ToBot =
  | { readonly kind: 'incoming'; readonly call: number; readonly incoming: Incoming }
  | { readonly kind: 'posted'; readonly call: number; readonly ref: MessageRef };

/** What comes from it. */
export type FromBot =
  | { readonly kind: 'ready' }
  | { readonly kind: 'connected' | 'gone' }
  | { readonly kind: 'taken'; readonly call: number }
  | { readonly kind: 'post'; readonly call: number; readonly message: Outgoing };
