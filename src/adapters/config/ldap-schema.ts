import { FilterParser } from 'ldapts';
import * as z from 'zod';
import { GroupName } from '../../domain/ids.ts';
import { normalDn } from '../directory/ldap/distinguished-name.ts';
import { ACCOUNT_CHECKS, type LdapBind, MEMBERSHIPS } from '../directory/ldap/ldap-settings.ts';
import { DurationSetting } from './duration-setting.ts';

const fileName = z.string().min(1, 'expected a file, relative to this one');

const dn = z
  .string()
  .refine(
    (text) => normalDn(text) !== undefined,
    'expected a DN such as ou=people,dc=example,dc=org',
  );

const attribute = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'expected the name of an attribute such as uid');

const filter = z
  .string()
  .refine(isFilter, 'expected a filter in parentheses such as (objectClass=inetOrgPerson)');

/** A user and a password in it are complained about where all secrets are, and not shown here. */
const SERVER = /^ldaps?:\/\/(?:[^/@\s:]*:[^/@\s]*@)?[A-Za-z0-9.[\]:-]+\/?$/;

const Server = z
  .string()
  .refine(
    (text) => SERVER.test(text) && URL.canParse(text),
    'expected a server such as ldaps://ldap1.example.org, or ldap:// for StartTLS',
  )
  .transform((text) => new URL(text));

const BindKeys = z.strictObject({
  dn: dn.optional(),
  secret: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected the name of a secret such as insiders-bind')
    .optional(),
  'certificate-file': fileName.optional(),
  'key-file': fileName.optional(),
});

const EITHER = 'expected dn and secret, or certificate-file and key-file';

const BY_PASSWORD = ['dn', 'secret'] as const;
const BY_CERTIFICATE = ['certificate-file', 'key-file'] as const;

const Bind = BindKeys.transform((read, context): LdapBind => {
  const isByCertificate = BY_CERTIFICATE.some((key) => read[key] !== undefined);
  const [wanted, others] = isByCertificate
    ? [BY_CERTIFICATE, BY_PASSWORD]
    : [BY_PASSWORD, BY_CERTIFICATE];
  const wrong = [
    ...wanted.filter((key) => read[key] === undefined),
    ...others.filter((key) => read[key] !== undefined),
  ];
  for (const key of wrong) context.addIssue({ code: 'custom', message: EITHER, path: [key] });
  const { dn = '', secret = '', 'certificate-file': certificateFile = '' } = read;
  if (!isByCertificate) return { kind: 'password', dn, secret };
  return { kind: 'certificate', certificateFile, keyFile: read['key-file'] ?? '' };
});

const People = z.strictObject({
  base: dn,
  filter: filter.default('(objectClass=person)'),
  id: attribute.default('uid'),
  networks: z.record(
    z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected a network such as matrix'),
    attribute,
  ),
  'ssh-keys': attribute.default('sshPublicKey'),
});

const DEPTH = 'expected how many groups deep somebody may be, from 1 to 20';

const Groups = z.strictObject({
  base: dn,
  confers: z.record(GroupName, dn),
  by: z
    .array(z.enum(MEMBERSHIPS))
    .min(1, 'expected at least one attribute')
    .default([...MEMBERSHIPS]),
  depth: z.int().min(1, DEPTH).max(20, DEPTH).default(8),
});

export const LdapEntry = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'expected a name such as insiders'),
  servers: z.array(Server).min(1, 'expected at least one server'),
  'ca-file': fileName.optional(),
  bind: Bind,
  people: People,
  groups: Groups,
  'barred-by': z.array(z.enum(ACCOUNT_CHECKS)).default([...ACCOUNT_CHECKS]),
  timeout: DurationSetting.default(5_000),
});
export type LdapEntry = z.infer<typeof LdapEntry>;

function isFilter(text: string): boolean {
  try {
    FilterParser.parseString(text);
    return text.startsWith('(');
  } catch {
    return false;
  }
}
