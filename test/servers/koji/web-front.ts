import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../free-port.ts';
import { serverProcess } from './server-process.ts';

export interface WebFront {
  /** The hub behind GSSAPI. */
  readonly byTicket: URL;
  /** The hub behind client certificates, asked for under /ssllogin only. */
  readonly byCertificate: URL;
  close(): Promise<void>;
}

export interface WebFrontOptions {
  readonly folder: string;
  readonly hub: URL;
  /** What it proves itself to the hub with. */
  readonly secret: string;
  /** PEM files: its own, and the authority for those of clients. */
  readonly certificate: string;
  readonly key: string;
  readonly clientCa: string;
  /** Of the service HTTP/localhost. */
  readonly keytab: string;
  /** For KRB5_CONFIG. */
  readonly kerberosConfig: string;
}

const MODULES = '/usr/lib/apache2/modules';
const USED = [
  ...['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_gssapi'],
  ...['ssl', 'headers', 'proxy', 'proxy_http'],
];

/** A real Apache on loopback, in front of a hub as kojihub's own httpd.conf puts it there. */
export async function webFront(options: WebFrontOptions): Promise<WebFront> {
  const { folder } = options;
  mkdirSync(folder, { recursive: true });
  const ports = { ticket: await freePort(), certificate: await freePort() };
  const file = join(folder, 'httpd.conf');
  writeFileSync(file, httpdConfig(options, ports));
  const server = await serverProcess({
    argv: ['/usr/sbin/apache2', '-f', file, '-DFOREGROUND'],
    env: { KRB5_CONFIG: options.kerberosConfig },
    port: ports.certificate,
  });
  const at = (port: number) => new URL(`https://localhost:${port}/kojihub`);
  return {
    byTicket: at(ports.ticket),
    byCertificate: at(ports.certificate),
    close: () => server.stop(),
  };
}

function httpdConfig(
  options: WebFrontOptions,
  ports: { readonly ticket: number; readonly certificate: number },
): string {
  const { folder, hub, secret, certificate, key, clientCa, keytab } = options;
  const asRoot = userInfo().uid === 0 ? ['User www-data', 'Group www-data'] : [];
  const backend = `ProxyPass /kojihub ${hub.href}`;
  return `ServerRoot ${folder}
ServerName localhost
PidFile ${join(folder, 'httpd.pid')}
ErrorLog ${join(folder, 'error.log')}
DefaultRuntimeDir ${folder}
Mutex file:${folder}
${asRoot.join('\n')}
${USED.map(loadModule).join('\n')}
Listen 127.0.0.1:${ports.ticket}
Listen 127.0.0.1:${ports.certificate}
SSLCertificateFile ${certificate}
SSLCertificateKeyFile ${key}
RequestHeader unset X-Remote-User
RequestHeader unset X-Client-Name
RequestHeader set X-Front-End ${secret}
<VirtualHost 127.0.0.1:${ports.ticket}>
  SSLEngine on
  ${backend}
  <Location /kojihub/ssllogin>
    AuthType GSSAPI
    AuthName "GSSAPI Single Sign On Login"
    GssapiCredStore keytab:${keytab}
    Require valid-user
    RequestHeader set X-Remote-User expr=%{REMOTE_USER}
  </Location>
</VirtualHost>
<VirtualHost 127.0.0.1:${ports.certificate}>
  SSLEngine on
  SSLCACertificateFile ${clientCa}
  ${backend}
  <Location /kojihub/ssllogin>
    SSLVerifyClient require
    SSLVerifyDepth 10
    SSLOptions +StdEnvVars
    RequestHeader set X-Client-Name %{SSL_CLIENT_S_DN_CN}s
  </Location>
</VirtualHost>
`;
}

function loadModule(name: string): string {
  const file = join(MODULES, `mod_${name}.so`);
  if (!existsSync(file)) throw new Error(`Apache has no ${file}`);
  return `LoadModule ${name}_module ${file}`;
}
