import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
  /** Files of the same. */
  readonly keyFile: string;
  readonly certFile: string;
}

export interface Authority {
  readonly caFile: string;
  /** For a DNS name, good for so many days from now; below zero, it has expired. */
  issue(name: string, days: number): KeyAndCertificate;
}

const CURVE = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export function makeAuthority(folder: string): Authority {
  const [caFile, caKey] = [join(folder, 'ca.pem'), join(folder, 'ca.key')];
  const made = ['-x509', ...CURVE, '-days', '30', '-keyout', caKey, '-out', caFile];
  openssl('req', ...made, '-subj', '/CN=authority of this test', '-addext', 'keyUsage=keyCertSign');
  let issued = 0;
  return {
    caFile,
    issue(name, days) {
      issued += 1;
      const file = (end: string) => join(folder, `${issued}.${end}`);
      const [keyFile, certFile] = [file('key'), file('pem')];
      const wanted = ['-subj', '/CN=test', '-addext', `subjectAltName=DNS:${name}`];
      openssl('req', ...CURVE, '-keyout', keyFile, '-out', file('csr'), ...wanted);
      const by = ['-CA', caFile, '-CAkey', caKey, '-copy_extensions', 'copy'];
      openssl('x509', '-req', '-in', file('csr'), ...by, '-days', `${days}`, '-out', certFile);
      const read = (path: string) => readFileSync(path, 'utf8');
      return { key: read(keyFile), cert: read(certFile), keyFile, certFile };
    },
  };
}

function openssl(...words: readonly string[]): void {
  execFileSync('openssl', words, { stdio: 'pipe' });
}
