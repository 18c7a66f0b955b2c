import * as z from 'zod';
import { HostName, PoolName, ServiceName, ZoneName } from '../../../domain/ids.ts';

export const SwapInput = z.strictObject({
  service: ServiceName,
  /** The member that is to become active; the other one when absent. */
  to: HostName.exactOptional(),
  /** The member that whoever asks has seen to be active, where that is not where the last operation left it. */
  active: HostName.exactOptional(),
  /** Both are updated on the way. */
  update: z.boolean(),
  /** The way back is open outside the window of the service, too. */
  anytime: z.boolean(),
});
export type SwapInput = z.infer<typeof SwapInput>;

const Side = z.strictObject({ host: HostName, pointsAt: HostName });
export type Side = z.infer<typeof Side>;

/** A guest that builds, and the pool whose budget it counts against. */
const Guest = z.strictObject({ host: HostName, pool: PoolName.nullable() });
export type Guest = z.infer<typeof Guest>;

/** What the plan depends on. Another value of any of these is another plan, and needs another approval. */
export const SwapFacts = z.strictObject({
  zone: ZoneName,
  name: HostName,
  /** Active now, as every authoritative server says. */
  from: Side,
  to: Side,
  update: z.boolean(),
  /** An update ends with a reboot, so builders leave before it. */
  reboots: z.boolean(),
  units: z.array(z.string()),
  swapTtl: z.int(),
  ttl: z.int(),
  /** On the member that becomes active, and on the one that was. */
  leaving: z.array(Guest),
  coming: z.array(Guest),
  automatic: z.enum(['no', 'always', 'unless-written']),
  fences: z.array(z.string()),
  /** SHA-256 over everything that the inventory says of the service. */
  service: z.string(),
});
export type SwapFacts = z.infer<typeof SwapFacts>;
