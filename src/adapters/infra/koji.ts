import * as z from 'zod';
import { Failure } from '../../domain/failure.ts';
import type { HostName } from '../../domain/ids.ts';
import type { Inventory } from '../../domain/inventory.ts';
import { defineDriver } from '../driver.ts';
import { isGuarded } from '../guarded-url.ts';
import type { KojiLogin } from './koji/credentials.ts';
import { kojiFarm } from './koji/farm.ts';
import type { KerberosLogin } from './koji/kerberos-login.ts';
import { kojiSession } from './koji/session.ts';

const HubUrl = z
  .url('expected the address of a koji hub such as https://koji.example.org/kojihub')
  .transform((text) => new URL(text))
  .refine(isGuarded, {
    error:
      'expected https: plain http is only for a hub on this machine (localhost, 127.0.0.1, [::1])',
  })
  .refine((url) => !url.username && !url.password && !url.search && !url.hash, {
    error: 'expected an address without user, password, query or fragment',
  });

const common = {
  hub: HubUrl,
  'ca-file': z.string().min(1).optional(),
  'timeout-ms': z.int().min(1).max(600_000).default(20_000),
};

const Principal = z
  .string()
  .regex(
    /^[\w.-]+(?:\/[\w.-]+)*@[\w.-]+$/,
    'expected a Kerberos principal such as signalbox@EXAMPLE.ORG',
  );
const CredentialCache = z
  .string()
  .regex(
    /^(?:(?:(?:FILE|DIR):)?\/|KCM:|KEYRING:)\S*$/,
    'expected a credential cache such as FILE:/run/signalbox/ccache',
  );

const KojiConfig = z.discriminatedUnion(
  'login',
  [
    z.strictObject({
      ...common,
      login: z.literal('certificate'),
      'certificate-file': z.string().min(1),
      'key-file': z.string().min(1),
    }),
    z
      .strictObject({
        ...common,
        login: z.literal('gssapi'),
        'keytab-file': z.string().min(1).optional(),
        principal: Principal.optional(),
        ccache: CredentialCache.optional(),
      })
      .transform(({ 'keytab-file': keytabFile, principal, ccache, ...rest }, context) => {
        const from = kerberosLogin(keytabFile, principal, ccache);
        if (from !== undefined) return { ...rest, from };
        context.addIssue('expected either keytab-file and principal, or ccache');
        return z.NEVER;
      }),
    z.strictObject({
      ...common,
      login: z.literal('password'),
      user: z.string().min(1),
      'password-file': z.string().min(1).optional(),
    }),
  ],
  { error: 'expected certificate, gssapi or password' },
);
type KojiConfig = z.infer<typeof KojiConfig>;

export default defineDriver({
  port: 'farm',
  product: 'koji',
  config: KojiConfig,
  connect(config, { inventory }) {
    const caFile = config['ca-file'];
    const session = kojiSession({
      hub: config.hub,
      login: toLogin(config),
      timeoutMs: config['timeout-ms'],
      ...(caFile === undefined ? {} : { caFile }),
    });
    const farm = kojiFarm({
      session,
      buildName: (host) => buildName(host, inventory.current()),
    });
    return { port: farm, check: (signal) => farm.describe(signal), close: () => session.close() };
  },
});

/** Whatever it was called there, its own name may be that of another builder. */
function buildName(name: HostName, { hosts }: Inventory): string {
  const host = hosts.get(name);
  if (host !== undefined) return host.buildName;
  throw new Failure({
    code: 'inventory.missing',
    problem: `${name} is not in the inventory`,
    because: 'it was removed, and only the inventory knows its name in koji',
    effect: 'none',
    next: `Put ${name} back into the inventory.`,
  });
}

function toLogin(config: KojiConfig): KojiLogin {
  if (config.login === 'password') {
    return { kind: 'password', user: config.user, passwordFile: config['password-file'] };
  }
  if (config.login === 'gssapi') return { kind: 'gssapi', from: config.from };
  return {
    kind: 'certificate',
    certificateFile: config['certificate-file'],
    keyFile: config['key-file'],
  };
}

function kerberosLogin(
  keytabFile: string | undefined,
  principal: string | undefined,
  ccache: string | undefined,
): KerberosLogin | undefined {
  if (ccache === undefined) {
    return keytabFile && principal ? { kind: 'keytab', keytabFile, principal } : undefined;
  }
  return keytabFile || principal ? undefined : { kind: 'ccache', ccache };
}
