import * as z from 'zod';
import type { HostName } from '../../domain/ids.ts';
import { defineDriver } from '../driver.ts';
import { isGuarded } from '../guarded-url.ts';
import { unreadable } from './alertmanager/api-call.ts';
import {
  type AlertmanagerLogin,
  alertmanagerCluster,
  type Cluster,
} from './alertmanager/cluster.ts';
import { namesHost, parseMatcher } from './alertmanager/matcher.ts';
import { alertmanagerSilences } from './alertmanager/silences.ts';

const EXAMPLE = 'instance=~"{host}(:[0-9]+)?"';

const MemberUrl = z
  .url('expected the address of an Alertmanager such as https://alerts.example.org')
  .transform((text) => new URL(text))
  .refine(({ protocol }) => protocol === 'https:' || protocol === 'http:', {
    error: 'expected an address that begins with https:// or http://',
  })
  .refine((url) => !url.username && !url.password && !url.search && !url.hash, {
    error: 'expected an address without user, password, query or fragment',
  });

const MatcherText = z.string().transform((text, context) => {
  const matcher = parseMatcher(text);
  if (matcher !== undefined) return matcher;
  context.addIssue({ code: 'custom', message: `expected a matcher such as ${EXAMPLE}` });
  return z.NEVER;
});

const SecretName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected the name of a secret such as alertmanager');

const Login = z.union([
  z.strictObject({ user: z.string().min(1), 'password-from': SecretName }),
  z.strictObject({ 'bearer-from': SecretName }),
]);

const AlertmanagerConfig = z
  .strictObject({
    /** Members of one cluster. */
    urls: z.tuple([MemberUrl], MemberUrl),
    matchers: z
      .array(MatcherText)
      .default([{ label: 'instance', operator: '=~', value: '{host}(:[0-9]+)?' }])
      .refine((matchers) => matchers.some(namesHost), {
        error: `expected {host} in one of them, with = or =~, such as ${EXAMPLE}`,
      }),
    login: Login.optional(),
    'ca-file': z.string().min(1).optional(),
    'timeout-s': z.number().positive().max(60).default(4),
  })
  .refine(({ login, urls }) => login === undefined || urls.every(isGuarded), {
    path: ['urls'],
    error: 'expected https where there is a login: plain http would show it to everybody',
  });

export default defineDriver({
  port: 'downtime',
  product: 'alertmanager',
  config: AlertmanagerConfig,
  connect(config, { inventory, secrets, zone }) {
    const { urls, matchers } = config;
    const cluster = alertmanagerCluster({
      urls,
      secrets,
      login: toLogin(config.login),
      caFile: config['ca-file'],
      timeoutMs: config['timeout-s'] * 1000,
    });
    return {
      port: alertmanagerSilences(cluster, matchers),
      check: async (signal) => {
        const hosts = [...inventory.current().hosts.values()];
        const host = hosts.find((candidate) => candidate.zone === zone)?.name;
        if (host === undefined) return `nothing to silence: ${zone} has no host`;
        const said = await Promise.all(urls.map((url) => describe(cluster, url, host, signal)));
        return said.join(', ');
      },
      close: async () => {},
    };
  },
});

const Status = z.object({ versionInfo: z.object({ version: z.string() }) });

/** The secret may be one for each host, so the check asks for some host. */
async function describe(cluster: Cluster, url: URL, host: HostName, signal: AbortSignal) {
  const call = { method: 'GET', path: 'status' } as const;
  const status = Status.safeParse(await cluster.ask(url, call, host, signal));
  if (!status.success) throw unreadable(url, call, status.error);
  return `Alertmanager ${status.data.versionInfo.version} at ${url.host}`;
}

function toLogin(login: z.infer<typeof Login> | undefined): AlertmanagerLogin {
  if (login === undefined) return { kind: 'none' };
  if ('user' in login) {
    return { kind: 'basic', user: login.user, password: login['password-from'] };
  }
  return { kind: 'bearer', token: login['bearer-from'] };
}
