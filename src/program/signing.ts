import { join } from 'node:path';
import type { Settings } from '../adapters/config/settings.ts';
import { makeKeyFile, readKeyFile } from '../adapters/signing/key-file.ts';
import { Failure } from '../domain/failure.ts';
import type { Journal } from '../jobs/journal/journal.ts';
import type { Signer } from '../jobs/signing/signer.ts';
import { type Trust, trustIn } from '../jobs/signing/trust.ts';

const LOOKED_AT = 20;

/** Whoever only looks makes nothing that the user who does the work could then not read. */
export type Purpose = 'work' | 'look';

export interface Signing {
  readonly trust: Trust;
  /** Absent where others sign: a worker that was told whom to trust; and where nothing was started yet. */
  readonly signer?: Signer;
  /** Where its own key is, or will be. */
  readonly keyFile: string;
  readonly trustsOthers: boolean;
}

/**
 * The installation's own key, which is made at the first start, and whom else to trust. Where trusted keys are named and
 * no key is at hand, this process does not sign. A key that is made where operations are already says since when it signs.
 */
export async function openSigning(
  { signing, store }: Pick<Settings, 'signing' | 'store'>,
  journal: Pick<Journal, 'recent' | 'read' | 'now'>,
  purpose: Purpose,
): Promise<Signing> {
  const path = signing.keyFile ?? join(store.data, 'signing-key.pem');
  const found = await readKeyFile(path);
  if (found === undefined && signing.keyFile !== undefined) throw missing(path);
  const makes = purpose === 'work' && found === undefined && signing.trusted.length === 0;
  const signer = makes ? await makeKeyFile(path, await signsSince(journal)) : found;
  const own = signer === undefined ? [] : [signer.publicKey];
  return {
    trust: trustIn([...own, ...signing.trusted]),
    ...(signer && { signer }),
    keyFile: path,
    trustsOthers: signing.trusted.length > 0,
  };
}

/** 0 where nothing is unsigned that would have to count: in a new store, and where a signed entry is there already. */
async function signsSince(journal: Pick<Journal, 'recent' | 'read' | 'now'>): Promise<number> {
  const newest = await journal.recent(LOOKED_AT);
  if (newest.length === 0) return 0;
  const journals = await Promise.all(newest.map((ref) => journal.read(ref)));
  const isSigned = journals.flat().some(({ signature }) => signature !== undefined);
  return isSigned ? 0 : journal.now();
}

/** A process that takes commands has to sign them. */
export function signerOf({ signer, keyFile, trustsOthers }: Signing): Signer {
  if (signer !== undefined) return signer;
  throw trustsOthers ? noOwnKey() : notStarted(keyFile);
}

function noOwnKey(): Failure {
  return new Failure({
    code: 'signing.no-own-key',
    problem: 'There is nothing to sign with',
    because: 'signing.trusted names the keys of others, and there is no key of its own',
    effect: 'none',
    next: 'Name the private key in signing.key-file, or remove signing.trusted so that one is made under store.data.',
  });
}

function notStarted(path: string): Failure {
  return new Failure({
    code: 'signing.not-started',
    problem: 'There is nothing to sign with yet',
    because: `nothing was started here so far: the first start makes the key in ${path}`,
    effect: 'none',
    next: 'Type signalbox start, and this again once it is up.',
  });
}

function missing(path: string): Failure {
  return new Failure({
    code: 'signing.no-key',
    problem: `The signing key in ${path} cannot be used`,
    because: 'there is no such file',
    effect: 'none',
    next: 'Put the key there, or remove signing.key-file so that one is made under store.data.',
  });
}
