import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority of its own, in a folder that the caller removes. */
export interface Authority {
  /** Its certificate, in a file. */
  readonly file: string;
  /** Files with a certificate for a name (and an address of loopback) and its key. */
  issue(name: string): Promise<Issued>;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export async function createAuthority(folder: string, name = 'ca'): Promise<Authority> {
  const file = join(folder, `${name}.pem`);
  const keyFile = join(folder, `${name}.key`);
  const own = ['-x509', '-days', '2', '-subj', `/CN=${name}`, '-keyout', keyFile, '-out', file];
  await run('openssl', ['req', ...KEY, ...own]);
  return {
    file,
    async issue(to) {
      const certificate = join(folder, `${name}-${to}.pem`);
      const key = join(folder, `${name}-${to}.key`);
      const request = join(folder, `${name}-${to}.csr`);
      const extensions = join(folder, `${name}-${to}.ext`);
      await writeFile(
        extensions,
        `subjectAltName=DNS:${to}${to === 'localhost' ? ',IP:127.0.0.1' : ''}\n`,
      );
      await run('openssl', ['req', ...KEY, '-subj', `/CN=${to}`, '-keyout', key, '-out', request]);
      const signing = ['-CA', file, '-CAkey', keyFile, '-CAcreateserial', '-extfile', extensions];
      await run('openssl', [
        'x509',
        '-req',
        '-days',
        '2',
        '-in',
        request,
        ...signing,
        '-out',
        certificate,
      ]);
      return { certificate, key };
    },
  };
}
