import type { Redis } from 'ioredis';
import * as z from 'zod';
import type { ReloadRequests } from '../../bot/reload-requests.ts';
import type { ZoneName } from '../../domain/ids.ts';
import { reading, writing } from './store-failure.ts';

const Report = z.object({
  worker: z.string(),
  at: z.number(),
  inventory: z.string(),
  answered: z.int(),
  refused: z.array(z.string()),
});

/** A counter of requests and a hash from worker to what it said, for each zone. */
export function redisReloadRequests(
  redis: Redis,
  { prefix = 'sb:' }: { readonly prefix?: string } = {},
): ReloadRequests {
  const requests = (zone: ZoneName) => `${prefix}z:${zone}:reload`;
  const workers = (zone: ZoneName) => `${prefix}z:${zone}:workers`;
  return {
    request: (zone) => writing(redis.incr(requests(zone))),
    newest: async (zone) => Number(await reading(redis.get(requests(zone)))),
    async tell(zone, report) {
      await writing(redis.hset(workers(zone), report.worker, JSON.stringify(report)));
    },
    async reports(zone) {
      const said = await reading(redis.hvals(workers(zone)));
      return said.map((text) => Report.parse(JSON.parse(text)));
    },
    async leave(zone, worker) {
      await writing(redis.hdel(workers(zone), worker));
    },
  };
}
