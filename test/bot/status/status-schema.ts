import * as z from 'zod';

const time = z.iso.datetime();

/** The names that monitoring relies on. */
export const StatusJson = z.strictObject({
  at: time,
  readOnly: z.strictObject({ since: time, because: z.string() }).nullable(),
  freezes: z.array(
    z.strictObject({
      on: z.string(),
      because: z.string(),
      from: time,
      until: time.nullable(),
      by: z.string().nullable(),
    }),
  ),
  hosts: z.int(),
  pools: z.array(
    z.strictObject({
      name: z.string(),
      hosts: z.int(),
      buildSystem: z.enum(['answers', 'silent', 'none']),
      inService: z.int().nullable(),
      outOfService: z.array(z.string()).nullable(),
    }),
  ),
  services: z.array(z.strictObject({ name: z.string(), active: z.string().nullable() })),
  operations: z.strictObject({
    open: z.int(),
    waitingForPeople: z.int(),
    list: z.array(
      z.strictObject({
        op: z.string(),
        zone: z.string(),
        command: z.string(),
        requester: z.string(),
        requestedAt: time,
        phase: z.enum(['approval', 'claims', 'running', 'finished', 'asking', 'held']),
        waitsForPeople: z.boolean(),
      }),
    ),
  }),
});
