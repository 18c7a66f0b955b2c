import * as z from 'zod';
import { HostName } from '../../domain/ids.ts';
import type { CheckTarget, ServiceCheck } from '../../domain/service-check.ts';
import { patternProblem } from '../../jobs/console/safe-pattern.ts';
import { DurationSetting } from './duration-setting.ts';

const MINUTE_MS = 60_000;
const DEFAULT_PORTS = { http: 80, https: 443 } as const;

const PORT = 'expected a port from 1 to 65535';
const port = z.number(PORT).int(PORT).min(1, PORT).max(65_535, PORT);
const STATUS = 'expected a status such as 200, or several: [200, 401]';
const status = z.int(STATUS).min(200, STATUS).max(599, STATUS);
const DAYS = 'expected a number of days from 1 to 365';
const days = z.int(DAYS).min(1, DAYS).max(365, DAYS).optional();
const path = z
  .string()
  .regex(/^\/[!-~]*$/, 'expected a path from the root such as /status?brief=1');
const scheme = z.enum(['http', 'https']).default('https');

const BODY = 'expected exactly one of contains and matches';
const Body = z
  .strictObject({
    contains: z.string().min(1, 'expected text that is not empty').optional(),
    matches: z
      .string()
      .superRefine((source, { addIssue }) => {
        const wanted = patternProblem(source);
        if (wanted !== undefined) addIssue(`expected ${wanted}`);
      })
      .optional(),
  })
  .refine(({ contains, matches }) => (contains === undefined) !== (matches === undefined), BODY);

const common = {
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'expected a name such as web'),
  successes: z.int().min(1).max(100).default(3),
  every: DurationSetting.default(5_000),
  within: DurationSetting.default(2 * MINUTE_MS),
  timeout: DurationSetting.default(10_000),
};
/** These can be asked with what every Linux host has. */
const commonFromHost = { ...common, from: HostName.optional() };

const Entry = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('http'),
      ...commonFromHost,
      scheme,
      port: port.optional(),
      path: path.default('/'),
      status: z.union([status, z.array(status).min(1, STATUS)], STATUS).default(200),
      body: Body.optional(),
      redirects: z.int().min(0).max(5).default(0),
      'certificate-days': days,
    }),
    z.strictObject({ kind: z.literal('tcp'), ...commonFromHost, port }),
    z.strictObject({
      kind: z.literal('dns'),
      ...common,
      port: port.default(53),
      record: z
        .string()
        .regex(
          /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?$/,
          'expected a name such as www.example.org',
        ),
      type: z.enum(['A', 'AAAA', 'CNAME', 'MX', 'TXT']).default('A'),
      answer: z.array(z.string().min(1)).min(1, 'expected at least one value'),
    }),
    z.strictObject({
      kind: z.literal('smtp'),
      ...common,
      port: port.default(25),
      starttls: z.boolean().default(false),
      'certificate-days': days,
    }),
    z.strictObject({
      kind: z.literal('repository'),
      ...commonFromHost,
      scheme,
      port: port.optional(),
      format: z.enum(['debian', 'rpm', 'haiku']),
      path,
      'not-older-than': DurationSetting,
    }),
    z.strictObject({
      kind: z.literal('command'),
      ...common,
      run: z.array(z.string().min(1)).min(1, 'expected a command and its arguments'),
      'as-root': z.boolean().default(false),
    }),
  ],
  { error: 'expected kind: http, tcp, dns, smtp, repository or command' },
);
type Entry = z.infer<typeof Entry>;

/** A check of a service, as a configuration has it. Whether the host that it asks from exists is not found here. */
export const CheckEntry = Entry.superRefine((entry, { addIssue }) => {
  const { every, successes, within } = entry;
  if ((successes - 1) * every > within) {
    const message = `expected time for ${successes} successes, every ${every / 1000} s`;
    addIssue({ code: 'custom', path: ['within'], message });
  }
  if (entry.kind === 'http' && entry.from !== undefined && entry.redirects > 0) {
    addIssue({ code: 'custom', path: ['redirects'], message: 'expected none with from' });
  }
  for (const message of misfits(entry))
    addIssue({ code: 'custom', path: ['certificate-days'], message });
}).transform(toCheck);

/** Where there is no certificate, its days cannot be checked. */
function misfits(entry: Entry): string[] {
  if (!('certificate-days' in entry) || entry['certificate-days'] === undefined) return [];
  if ('from' in entry && entry.from !== undefined) return ['expected none with from'];
  if (entry.kind === 'http' && entry.scheme === 'http') return ['expected scheme: https with it'];
  return entry.kind === 'smtp' && !entry.starttls ? ['expected starttls: true with it'] : [];
}

function toCheck(entry: Entry): ServiceCheck {
  const { name, successes, every, within, timeout } = entry;
  return {
    name,
    target: toTarget(entry),
    successes,
    intervalMs: every,
    deadlineMs: within,
    timeoutMs: timeout,
    ...('from' in entry && entry.from !== undefined && { from: entry.from }),
  };
}

function toTarget(entry: Entry): CheckTarget {
  switch (entry.kind) {
    case 'http': {
      const { kind, path: from, redirects, body } = entry;
      const statuses = [entry.status].flat();
      const condition = body && { body: toCondition(body) };
      return {
        kind,
        ...toPlace(entry),
        path: from,
        redirects,
        status: statuses,
        ...condition,
        ...toDays(entry),
      };
    }
    case 'tcp':
      return { kind: entry.kind, port: entry.port };
    case 'dns': {
      const { kind, port: at, record, type, answer } = entry;
      return { kind, port: at, record, type, answer };
    }
    case 'smtp': {
      const { kind, port: at, starttls } = entry;
      return { kind, port: at, starttls, ...toDays(entry) };
    }
    case 'repository': {
      const { kind, format, path: from } = entry;
      return { kind, format, ...toPlace(entry), path: from, olderThanMs: entry['not-older-than'] };
    }
    case 'command':
      return { kind: entry.kind, argv: entry.run, asRoot: entry['as-root'] };
    default:
      return entry satisfies never;
  }
}

function toPlace({
  scheme: by,
  port: at,
}: Pick<Extract<Entry, { kind: 'http' }>, 'scheme' | 'port'>) {
  return { scheme: by, port: at ?? DEFAULT_PORTS[by] };
}

function toDays(entry: { readonly 'certificate-days'?: number | undefined }) {
  const least = entry['certificate-days'];
  return least === undefined ? {} : { certificateDays: least };
}

function toCondition({ contains, matches }: z.infer<typeof Body>) {
  if (matches !== undefined) return { kind: 'matches', pattern: matches } as const;
  return { kind: 'contains', text: contains ?? '' } as const;
}
