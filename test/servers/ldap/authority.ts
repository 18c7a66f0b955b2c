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
  /** Files with a certificate and its key; `names` is whom a server's certificate names, as `DNS:…` or `IP:…`. */
  issue(name: string, names?: readonly string[]): Promise<Issued>;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export async function createAuthority(folder: string, name = 'ca'): Promise<Authority> {
  const file = join(folder, `${name}.pem`);
  const keyFile = join(folder, `${name}.key`);
  const own = ['-x509', '-days', '2', '-subj', `/CN=${name}`, '-keyout', keyFile, '-out', file];
  await run('openssl', ['req', ...KEY, ...own]);
  let issued = 0;
  return {
    file,
    async issue(to, names = [`DNS:${to}`]) {
      issued += 1;
      const stem = `${name}-${issued}-${to}`;
      const certificate = join(folder, `${stem}.pem`);
      const key = join(folder, `${stem}.key`);
      const request = join(folder, `${stem}.csr`);
      const extensions = join(folder, `${stem}.ext`);
      await writeFile(extensions, `subjectAltName=${names.join(',')}\n`);
      await run('openssl', ['req', ...KEY, '-subj', `/CN=${to}`, '-keyout', key, '-out', request]);
      const signing = [
        '-CA',
        file,
        '-CAkey',
        keyFile,
        '-set_serial',
        `${issued}`,
        '-extfile',
        extensions,
      ];
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
