import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Certificates } from '../irc/certificates.ts';

export const REGISTRATION_SECRET = 'of-this-test-only';

export interface SynapseTraits {
  /** So many messages of one person in a second. */
  readonly messagesPerSecond: number;
  readonly serverName: string;
  /** Where other homeservers reach it, by certificates of an authority that they have in common; else none does. */
  readonly federation?: { readonly port: number; readonly certificates: Certificates };
}

/** JSON is YAML, too. */
export function writeSynapseFiles(folder: string, port: number, traits: SynapseTraits): string {
  const path = (file: string) => join(folder, file);
  const plenty = { per_second: 1_000, burst_count: 1_000 };
  const messages = { per_second: traits.messagesPerSecond, burst_count: traits.messagesPerSecond };
  const config = {
    server_name: traits.serverName,
    pid_file: path('synapse.pid'),
    listeners: [
      {
        bind_addresses: ['127.0.0.1'],
        port,
        tls: false,
        type: 'http',
        resources: [{ names: ['client', 'media'] }],
      },
      ...(traits.federation ? [listenerFor(traits.federation)] : []),
    ],
    database: { name: 'sqlite3', args: { database: path('synapse.db') } },
    log_config: path('log.yaml'),
    media_store_path: path('media'),
    signing_key_path: path('signing.key'),
    registration_shared_secret: REGISTRATION_SECRET,
    macaroon_secret_key: 'macaroons',
    form_secret: 'forms',
    report_stats: false,
    trusted_key_servers: [],
    suppress_key_server_warning: true,
    bcrypt_rounds: 4,
    ...(traits.federation ? trusting(traits.federation) : { federation_domain_whitelist: [] }),
    rc_message: messages,
    rc_joins: { local: plenty, remote: plenty },
    rc_invites: { per_room: plenty, per_user: plenty, per_issuer: plenty },
    rc_login: { address: plenty, account: plenty, failed_attempts: plenty },
  };
  const log = {
    version: 1,
    formatters: { plain: { format: '%(asctime)s %(levelname)s %(name)s %(message)s' } },
    handlers: { out: { class: 'logging.StreamHandler', formatter: 'plain' } },
    root: { level: 'WARNING', handlers: ['out'] },
  };
  writeFileSync(path('homeserver.yaml'), JSON.stringify(config));
  writeFileSync(path('log.yaml'), JSON.stringify(log));
  // Nobody but this test ever believes it.
  writeFileSync(
    path('signing.key'),
    `ed25519 a_test ${randomBytes(32).toString('base64').replace('=', '')}\n`,
  );
  return path('homeserver.yaml');
}

type Federation = NonNullable<SynapseTraits['federation']>;

function listenerFor({ port }: Federation) {
  const resources = [{ names: ['federation'] }];
  return { bind_addresses: ['127.0.0.1'], port, tls: true, type: 'http', resources };
}

/** The loopback is among what Synapse talks to only when it is told so. */
function trusting({ certificates: { ca, server } }: Federation) {
  return {
    tls_certificate_path: server.certificate,
    tls_private_key_path: server.key,
    federation_custom_ca_list: [ca],
    ip_range_blacklist: [],
  };
}

/** The Python that has Synapse: what `.ci/run` installed, or what SYNAPSE_PYTHON names. */
export function synapsePython(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const python = process.env.SYNAPSE_PYTHON ?? join(cache, 'signalbox/synapse/bin/python');
  if (!existsSync(python)) {
    throw new Error(`there is no ${python}: .ci/run installs Synapse, or set SYNAPSE_PYTHON`);
  }
  return python;
}
