import * as z from 'zod';
import { UserId } from '../../domain/ids.ts';

/** The name of the break-glass, as it was configured then. */
const rule = z.string();
const because = z.string();

/** What happens to a break-glass. A kind is never removed and its meaning never changes. */
export const GlassEvent = z.discriminatedUnion('kind', [
  /** A holder wants it opened. */
  z.strictObject({ kind: z.literal('asked'), rule, because }),
  /** Another holder opened it `with` the one who asked, until then (milliseconds since 1970). */
  z.strictObject({
    kind: z.literal('opened'),
    rule,
    because,
    with: UserId,
    until: z.number(),
  }),
  /** Somebody typed what is more than looking. Written before it is done. */
  z.strictObject({ kind: z.literal('used'), rule, command: z.string() }),
  z.strictObject({ kind: z.literal('closed'), rule, because }),
]);
export type GlassEvent = Readonly<z.infer<typeof GlassEvent>>;
