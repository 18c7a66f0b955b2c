import type { Redis } from 'ioredis';
import * as z from 'zod';
import { OpId, StepId, type ZoneName } from '../../domain/ids.ts';
import type { OperationThreads, ToldItem } from '../../jobs/ports/operation-threads.ts';
import { reading, writing } from './store-failure.ts';
import { KEPT_TELLINGS, keptTelling, READ_AT_ONCE } from './told-lines.ts';

const EXPIRES_AFTER_S = 14 * 24 * 60 * 60;

const Told = z.strictObject({
  op: OpId,
  step: StepId,
  line: z.string(),
  more: z.array(z.string()).optional(),
  important: z.boolean().optional(),
});
const Entries = z.array(z.tuple([z.string(), z.tuple([z.literal('told'), z.string()])]));

/** One stream for each zone, which expires two weeks after the last thing that was told there. */
export function redisThreads(
  redis: Redis,
  { prefix = 'sb:' }: { readonly prefix?: string } = {},
): OperationThreads {
  const keyOf = (zone: ZoneName) => `${prefix}z:${zone}:told`;
  return {
    async tell({ op, zone }, step, telling) {
      const text = JSON.stringify({ op, step, ...keptTelling(telling) });
      const both = redis
        .multi()
        .xadd(keyOf(zone), 'MAXLEN', '~', KEPT_TELLINGS, '*', 'told', text)
        .expire(keyOf(zone), EXPIRES_AFTER_S);
      await writing(both.exec());
    },
    async after(zone, cursor, until = '+') {
      const found = redis.xrange(keyOf(zone), `(${cursor}`, until, 'COUNT', READ_AT_ONCE);
      return Entries.parse(await reading(found)).map(([id, [, text]]) => itemOf(zone, id, text));
    },
  };
}

function itemOf(zone: ZoneName, cursor: string, text: string): ToldItem {
  const { more, important, ...told } = Told.parse(JSON.parse(text));
  return { zone, cursor, ...told, ...(more && { more }), ...(important && { important }) };
}
