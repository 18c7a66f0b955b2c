import * as z from 'zod';
import {
  EnvironmentName,
  GroupName,
  ImageName,
  PoolName,
  ServiceName,
  UserId,
  ZoneName,
} from '../../domain/ids.ts';
import { parseMoment } from '../../domain/moment.ts';
import { RISKS } from '../../domain/risk.ts';
import { PublicKeyText } from '../../jobs/signing/public-key.ts';
import { PROOFS } from '../../policies/assurance.ts';
import { whenceOf } from '../../policies/place.ts';
import type { DriverPort } from '../driver.ts';
import { isGuarded } from '../guarded-url.ts';
import { DurationSetting } from './duration-setting.ts';
import { LdapEntry } from './ldap-schema.ts';
import { PeopleFields } from './people.ts';

/** The compiler refuses this list when a port is missing. */
const PORTS = Object.keys({
  farm: true,
  shell: true,
  witness: true,
  installer: true,
  reports: true,
  hypervisor: true,
  configuration: true,
  dns: true,
  checks: true,
  storage: true,
  power: true,
  console: true,
  downtime: true,
} satisfies Record<DriverPort, true>) as [DriverPort, ...DriverPort[]];

const emptyIsMap = (value: unknown) => value ?? {};
const emptyIsList = (value: unknown) => value ?? [];
const fileName = z.string().min(1, 'expected a file, relative to this one');
const groups = z.array(GroupName).min(1, 'expected at least one group');

const Channel = z.strictObject({
  network: z.string(),
  channel: z.string().regex(/^[^\s,\p{Cc}]+$/u, 'expected one channel such as "#ops"'),
  watches: z
    .union([z.literal('*'), z.array(z.union([PoolName, ServiceName, z.literal('*')]))], {
      error: 'expected "*" or a list of pools and services',
    })
    .optional(),
  escalation: z.boolean().default(false),
  approvals: z.boolean().default(false),
});

const Driver = z.looseObject({ product: z.string().min(1, 'expected a product such as koji') });

const Zone = z.preprocess(
  emptyIsMap,
  z.strictObject({
    drivers: z.preprocess(emptyIsMap, z.partialRecord(z.enum(PORTS), Driver)).optional(),
  }),
);

const Webhook = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'expected a name such as tickets'),
  url: z
    .url('expected an address such as https://tickets.example.org/signalbox')
    .transform((text) => new URL(text))
    .refine(isGuarded, {
      error:
        'expected https: plain http is only for a program on this machine (localhost, 127.0.0.1, [::1])',
    }),
  secret: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected the name of a secret such as tickets-webhook'),
});

const Approval = z.strictObject({
  count: z.int().min(1, 'expected a number of people from 1 on').default(1),
  from: groups.optional(),
});

const HostPattern = z
  .string()
  .regex(/^[a-z0-9*][a-z0-9.*-]*$/, 'expected a host or a pattern such as builder-*');

export const WhenceText = z
  .string()
  .refine(
    (text) => whenceOf(text) !== undefined,
    'expected a network or a channel of one, such as matrix or "irc/#ops"',
  );

const NeededFields = {
  ask: z.enum(PROOFS).optional(),
  approve: z.enum(PROOFS).optional(),
};

const AssuranceEntry = z.strictObject({
  ...NeededFields,
  environments: z
    .preprocess(emptyIsMap, z.record(EnvironmentName, z.strictObject(NeededFields)))
    .optional(),
});
export type AssuranceEntry = z.infer<typeof AssuranceEntry>;

export const RuleEntry = z.strictObject({
  allow: z
    .array(
      z.string().regex(/^(?:\*|[a-z][a-z0-9-]*)$/, 'expected a command such as reimage, or "*"'),
    )
    .min(1, 'expected at least one command'),
  on: z
    .strictObject({
      environments: z.array(EnvironmentName).optional(),
      pools: z.array(PoolName).optional(),
      hosts: z.array(HostPattern).optional(),
      images: z.array(ImageName).optional(),
      services: z.array(ServiceName).optional(),
    })
    .default({}),
  from: z.array(WhenceText).min(1, 'expected at least one network or channel').optional(),
  to: groups,
  approvals: z.partialRecord(z.enum(RISKS), Approval).default({}),
});
export type RuleEntry = z.infer<typeof RuleEntry>;

/** Without its time zone, a moment would be another one on another machine. */
const Moment = z
  .string('expected a moment such as 2026-12-20T18:00+01:00')
  .refine(
    (text) => /(?:Z|[+-]\d\d:\d\d)$/.test(text) && parseMoment(text) !== undefined,
    'expected a moment with its time zone, such as 2026-12-20T18:00+01:00 or 2026-12-20T17:00Z',
  )
  .transform((text) => parseMoment(text) ?? 0);

const FreezeEntry = z.strictObject({
  on: z.string('expected a zone, an environment, or everything'),
  from: Moment,
  until: Moment,
  because: z
    .string('expected a reason, for whoever is refused')
    .min(1, 'expected a reason, for whoever is refused'),
  except: z
    .strictObject({ commands: z.array(z.string()).optional(), groups: groups.optional() })
    .default({}),
});
export type FreezeEntry = z.infer<typeof FreezeEntry>;

const DirectoryEntry = z.strictObject({
  cache: DurationSetting.optional(),
  ldap: z.preprocess(emptyIsList, z.array(LdapEntry)).optional(),
  file: fileName.optional(),
  groups: PeopleFields.groups,
  people: z
    .union([fileName, z.record(z.string(), z.unknown())], {
      error: 'expected a file, or a map of people',
    })
    .optional(),
});

export const SettingsFile = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected a name such as example-farm')
    .default('signalbox'),
  inventory: z
    .string('expected the file or the folder of the inventory')
    .min(1, 'expected the file or the folder of the inventory'),
  store: z.strictObject({ data: fileName.default('var') }).default({ data: 'var' }),
  signing: z
    .strictObject({ 'key-file': fileName.optional(), trusted: z.array(PublicKeyText).optional() })
    .default({}),
  audit: z
    .strictObject({
      repository: fileName.optional(),
      'keep-days': z.int().min(30, 'expected a number of days from 30 on').optional(),
    })
    .default({}),
  directory: DirectoryEntry.optional(),
  prefix: z
    .string()
    .regex(/^[^\sA-Za-z0-9]{1,3}$/, 'expected one to three signs such as "!"')
    .default('!'),
  channels: z.preprocess(emptyIsList, z.array(Channel)).optional(),
  reminders: z
    .strictObject({
      after: DurationSetting.optional(),
      'escalate-after': DurationSetting.optional(),
      quarantine: DurationSetting.optional(),
    })
    .optional(),
  identity: z.strictObject({ 'links-last': DurationSetting.optional() }).optional(),
  networks: z.preprocess(emptyIsMap, z.record(z.string(), z.unknown())).optional(),
  zones: z.preprocess(emptyIsMap, z.record(ZoneName, Zone)).optional(),
  rules: z.preprocess(emptyIsList, z.array(RuleEntry)).optional(),
  freezes: z.preprocess(emptyIsList, z.array(FreezeEntry)).optional(),
  /** Read by itself, with the holders that it names. */
  'break-glass': z.unknown().optional(),
  assurance: AssuranceEntry.optional(),
  'self-approval': z.array(UserId).min(1, 'expected at least one person').optional(),
  reports: z
    .preprocess(
      emptyIsMap,
      z.strictObject({ webhooks: z.preprocess(emptyIsList, z.array(Webhook)).optional() }),
    )
    .optional(),
});
export type SettingsFile = z.infer<typeof SettingsFile>;
