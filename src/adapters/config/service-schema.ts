import * as z from 'zod';
import { HostName, PoolName } from '../../domain/ids.ts';
import { CARRIED, FENCES } from '../../domain/service.ts';
import { WEEKDAYS } from '../../domain/window.ts';
import { canBeTolerated } from '../../policies/storage-verdict.ts';
import { CheckEntry } from './check-schema.ts';
import { DurationSetting } from './duration-setting.ts';
import { PlaybookEntry } from './inventory-schema.ts';

const emptyIsMap = (value: unknown) => value ?? {};

const TTL = 'expected whole seconds from 1 to 86400';
const ttl = z.int(TTL).min(1, TTL).max(86_400, TTL);

/** It becomes one word of `systemctl`, and never an option. */
const unit = z
  .string()
  .regex(/^[A-Za-z0-9_@:][A-Za-z0-9_.@:-]*$/, 'expected a unit such as nginx or web@1.service');

const words = z
  .array(z.string().min(1, 'expected text that is not empty'))
  .min(1, 'expected a command and its arguments');

const MemberEntry = z.strictObject({
  'points-at': HostName,
  carries: z.array(z.enum(CARRIED)).default([]),
});

const WINDOW = 'expected a time of day in UTC such as "02:00"';

const WindowEntry = z.strictObject({
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1, 'expected at least one day')
    .default([...WEEKDAYS]),
  from: z.string(WINDOW).regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, WINDOW),
  lasts: DurationSetting.refine(
    (ms) => ms >= 60_000 && ms <= 24 * 60 * 60_000,
    'expected one minute to one day',
  ),
});

const WritesEntry = z.union(
  [z.literal('compatible'), z.strictObject({ 'looked-up-by': words })],
  'expected compatible, or { looked-up-by: [command] }',
);

const checks = z.array(CheckEntry);

export const ServiceEntry = z.strictObject({
  members: z.record(HostName, z.preprocess(emptyIsMap, MemberEntry)),
  dns: z
    .strictObject({ name: HostName, ttl: ttl.default(300), 'swap-ttl': ttl.default(10) })
    .refine((dns) => dns['swap-ttl'] <= dns.ttl, {
      error: 'expected at most ttl',
      path: ['swap-ttl'],
    }),
  checks: checks.min(1, 'expected at least one check, or nobody can tell whether a swap went well'),
  'standby-checks': checks.default([]),
  units: z
    .strictObject({ both: z.array(unit).default([]), one: z.array(unit).default([]) })
    .default({ both: [], one: [] }),
  builders: PoolName.optional(),
  storage: z
    .preprocess(
      emptyIsMap,
      z.strictObject({
        tolerates: z
          .array(
            z
              .string()
              .regex(/^[A-Z][A-Z_]+$/, 'expected a condition such as OSD_DOWN')
              .refine(canBeTolerated, 'expected one that loses no data and stops nothing'),
          )
          .default([]),
      }),
    )
    .optional(),
  update: z
    .strictObject({
      commands: z.array(words).default([]),
      playbook: PlaybookEntry.optional(),
      reboot: z.boolean().default(false),
    })
    .optional(),
  'automatic-return': z
    .strictObject({ allowed: z.boolean(), writes: WritesEntry.optional() })
    .default({ allowed: false }),
  fences: z.array(z.enum(FENCES)).default([]),
  window: WindowEntry.optional(),
});
export type ServiceEntry = z.infer<typeof ServiceEntry>;
