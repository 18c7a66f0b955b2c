import * as z from 'zod';
import { UserId } from '../../domain/ids.ts';
import { Signature } from '../model/event.ts';

/** Somebody asked for something, and was told no. */
export const Refused = z.strictObject({
  network: z.string(),
  channel: z.string(),
  /** The network's id of the message. */
  message: z.string(),
  /** What the network vouched for; absent where it vouched for nothing. */
  account: z.string().optional(),
  /** What people saw, which proves nothing. */
  shown: z.string(),
  /** Whom the directory knew them as; absent where it was not asked or knew nobody. */
  person: UserId.optional(),
  /** What was typed, as far as it can be shown. */
  typed: z.string(),
  because: z.string(),
});
export type Refused = Readonly<z.infer<typeof Refused>>;

const Content = {
  v: z.literal(1),
  /** From 0, without gaps. */
  seq: z.int().nonnegative(),
  /** SHA-256 of the text of the entry before it; 64 zeros for the first. */
  prev: z.string(),
  /** Milliseconds since 1970, by the store's clock as the bot that wrote it knew it. */
  at: z.number(),
  refused: Refused,
  /** How many since the last entry were too many to be written down. */
  unwritten: z.int().positive().optional(),
};

export const RefusalEntry = z.strictObject(Content);
export type RefusalEntry = Readonly<z.infer<typeof RefusalEntry>>;

export const StoredRefusal = z.strictObject({
  ...Content,
  signature: Signature.pick({ key: true, value: true }),
});
