import * as z from 'zod';
import { HostName, ImageId, OpId } from '../../../domain/ids.ts';

/*
 * How drivers reach the lab from another process: POST /PORT/METHOD with the arguments as a JSON array. The answer is
 * `{"value": …}` (nothing in it where the method gives nothing) or `{"failure": …}`.
 */

const Installation = z.strictObject({
  op: OpId,
  image: ImageId,
  nonce: z.string().min(1),
  epoch: z.int(),
});

const Fence = Installation.pick({ op: true, epoch: true });

export const Definition = z.strictObject({
  xml: z.string(),
  persistentDisks: z.array(z.string()).readonly(),
});

/** The arguments of each method. */
export const CALLS = {
  installer: {
    check: z.tuple([HostName, ImageId]),
    arm: z.tuple([HostName, Installation]),
    armedFor: z.tuple([HostName]),
    disarm: z.tuple([HostName]),
    fire: z.tuple([HostName]),
  },
  reports: {
    open: z.tuple([HostName, Installation]),
    reportOf: z.tuple([OpId, HostName]),
    close: z.tuple([OpId, HostName]),
  },
  hypervisor: {
    check: z.tuple([HostName, ImageId]),
    state: z.tuple([HostName]),
    definition: z.tuple([HostName]),
    builtFor: z.tuple([HostName]),
    undefine: z.tuple([HostName, Fence]),
    freshDisks: z.tuple([HostName, Definition, Installation]),
    define: z.tuple([HostName, Definition, Installation]),
    start: z.tuple([HostName, Fence]),
    shutDown: z.tuple([HostName, Fence]),
    discardOld: z.tuple([HostName, Fence]),
  },
} as const;
export type LabPort = keyof typeof CALLS;

export const Answer = z.union([
  z.strictObject({
    failure: z.strictObject({
      code: z.string(),
      message: z.string(),
      effect: z.enum(['none', 'unknown']),
      next: z.string(),
    }),
  }),
  z.strictObject({ value: z.unknown().optional() }),
]);
export type Answer = z.infer<typeof Answer>;
