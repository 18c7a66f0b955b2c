import { createPrivateKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure, rootMessage } from '../../domain/failure.ts';
import { type Signer, signerWith } from '../../jobs/signing/signer.ts';

/** Before the key itself, which readers of PEM pass over. */
const SINCE = /^signs since (\S+)$/m;

/** The key of a file: PKCS #8 PEM, as `openssl genpkey -algorithm ed25519` makes it too. Undefined where there is no file. */
export async function readKeyFile(path: string): Promise<Signer | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unreadable(path, error);
  });
  if (text === undefined) return undefined;
  try {
    const time = SINCE.exec(text)?.[1];
    return signerWith(createPrivateKey(text), time === undefined ? 0 : Date.parse(time));
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A new key, readable by this user alone, or the one that somebody else made there in the same moment. */
export async function makeKeyFile(path: string, since: number): Promise<Signer> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const head = since === 0 ? '' : `signs since ${new Date(since).toISOString()}\n`;
  const text = `${head}${privateKey.export({ type: 'pkcs8', format: 'pem' })}`;
  const draft = `${path}.${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(draft, text, { mode: 0o600, flush: true });
  // Unlike a rename, it never replaces what is there.
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw unreadable(path, error);
  });
  await rm(draft);
  const made = await readKeyFile(path);
  if (made === undefined) throw unreadable(path, new Error('it is gone again'));
  return made;
}

function unreadable(path: string, cause: unknown): Failure {
  return new Failure({
    code: 'signing.no-key',
    problem: `The signing key in ${path} cannot be used`,
    because: rootMessage(cause),
    effect: 'none',
    next: 'Put a private Ed25519 key there that only signalbox may read, or remove signing.key-file so that one is made under store.data.',
    cause,
  });
}
