import { randomInt } from 'node:crypto';
import * as z from 'zod';

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const WORD = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;

/** A lower-case host name, short or fully qualified (RFC 1123). Parsing is the only way to obtain one. */
export const HostName = z
  .string()
  .max(253)
  .regex(
    new RegExp(`^${LABEL}(?:\\.${LABEL})*$`),
    'expected a host name such as builder-07 or web1.example.org',
  )
  .brand<'HostName'>();
export type HostName = z.infer<typeof HostName>;

/** The directory's name of a person (an LDAP uid), never a chat nickname: nicknames can be taken by somebody else. */
export const UserId = z
  .string()
  .regex(/^[a-z_][a-z0-9_.-]{0,31}$/, 'expected a user id such as ana')
  // In journals that is who nobody is: what it writes is not signed.
  .refine((id) => id !== 'engine', 'expected another user id: engine is what signalbox itself does')
  .brand<'UserId'>();
export type UserId = z.infer<typeof UserId>;

const word = (what: string, example: string) =>
  z.string().regex(WORD, `expected ${what} such as ${example}`);

export const PoolName = word('a pool name', 'builders').brand<'PoolName'>();
export type PoolName = z.infer<typeof PoolName>;
export const ServiceName = word('a service name', 'compute').brand<'ServiceName'>();
export type ServiceName = z.infer<typeof ServiceName>;
export const GroupName = word('a group name', 'sysadmin-builders').brand<'GroupName'>();
export type GroupName = z.infer<typeof GroupName>;
/** Workers and credentials that reach one environment. It becomes part of store keys and queue names. */
export const ZoneName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'expected a zone name such as staging')
  .brand<'ZoneName'>();
export type ZoneName = z.infer<typeof ZoneName>;
export const EnvironmentName = word('an environment name', 'staging').brand<'EnvironmentName'>();
export type EnvironmentName = z.infer<typeof EnvironmentName>;
export const ImageName = word('an image name', 'f43-builder').brand<'ImageName'>();
export type ImageName = z.infer<typeof ImageName>;

/** One version of an image. Old versions stay usable. */
export const ImageId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'expected an image and its version such as f43-builder@2026.11.18',
  )
  .brand<'ImageId'>();
export type ImageId = z.infer<typeof ImageId>;

export const OP_ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';

/** An operation: `op-` and letters and digits that cannot be mistaken for one another when read aloud. */
export const OpId = z
  .string()
  .regex(/^op-[2-9a-hjkmnp-z]{4,12}$/, 'expected an operation such as op-7k2m')
  .brand<'OpId'>();
export type OpId = z.infer<typeof OpId>;

/** Random, not counted: two bots may make ids at the same moment. The journal refuses one that is taken. */
export function newOpId(length = 4): OpId {
  const letters = Array.from({ length }, () => OP_ALPHABET[randomInt(OP_ALPHABET.length)]);
  return OpId.parse(`op-${letters.join('')}`);
}

export const StepId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,40}$/, 'expected a step id such as await-ssh')
  .brand<'StepId'>();
export type StepId = z.infer<typeof StepId>;
