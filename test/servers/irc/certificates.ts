import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface Certificates {
  readonly ca: string;
  /** For `127.0.0.1` and `localhost`. */
  readonly server: KeyPair;
  /** A client's: whatever made it, services know it by its fingerprint. */
  readonly bot: KeyPair;
}

export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** An authority and what it signed, as files of a folder. */
export function makeCertificates(folder: string): Certificates {
  const path = (file: string) => join(folder, file);
  const ca = { certificate: path('ca.pem'), key: path('ca.key') };
  request(ca, ['-subj', '/CN=authority of this test', '-addext', 'keyUsage=keyCertSign']);
  const signed = (name: string, more: readonly string[]) => {
    const pair = { certificate: path(`${name}.pem`), key: path(`${name}.key`) };
    const leaf = ['-CA', ca.certificate, '-CAkey', ca.key, '-addext', 'basicConstraints=CA:FALSE'];
    request(pair, ['-subj', `/CN=${name}`, ...leaf, ...more]);
    return pair;
  };
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  return { ca: ca.certificate, server: signed('server', names), bot: signed('bot', []) };
}

function request({ certificate, key }: KeyPair, more: readonly string[]): void {
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const files = ['-nodes', '-days', '2', '-keyout', key, '-out', certificate];
  execFileSync('openssl', [...made, ...files, ...more], { stdio: 'pipe' });
}
