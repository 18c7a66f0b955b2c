import * as z from 'zod';
import { UserId } from '../../domain/ids.ts';

const person = UserId;
const network = z.string();
const account = z.string();
/** Milliseconds since 1970. */
const until = z.number();

/** What happens to links between people and accounts. A kind is never removed and its meaning never changes. */
export const IdentityEvent = z.discriminatedUnion('kind', [
  /** A person got a code for an account of theirs on that network; `code` is its SHA-256. What was offered them before is void. */
  z.strictObject({ kind: z.literal('offered'), person, network, code: z.string(), until }),
  /** An account typed the code of an offer. By the engine: nobody knows yet who that is. */
  z.strictObject({ kind: z.literal('typed'), code: z.string(), network, account }),
  /** The person said that it is theirs. */
  z.strictObject({ kind: z.literal('linked'), person, network, account, until }),
  z.strictObject({ kind: z.literal('unlinked'), person, network, account }),
]);
export type IdentityEvent = Readonly<z.infer<typeof IdentityEvent>>;
