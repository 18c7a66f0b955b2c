import { randomUUID } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import * as z from 'zod';
import { Failure, rootMessage } from '../../../domain/failure.ts';
import { digestOfText } from '../../../jobs/journal/digest-of-text.ts';
import type { Signer } from '../../../jobs/signing/signer.ts';
import type { Trust } from '../../../jobs/signing/trust.ts';
import { whyUnreadable } from '../../why-unreadable.ts';
import type { StoreContent } from './read-all.ts';
import { BackupRecord } from './record.ts';

/** The last line: what the lines before it are, signed. */
const End = z.strictObject({
  v: z.literal(1),
  at: z.number(),
  keys: z.int(),
  /** SHA-256 of all lines before. */
  digest: z.string(),
});
const SignedEnd = End.extend({
  signature: z.strictObject({ key: z.string(), value: z.string() }),
});

/** A line of JSON for each key and one at the end, readable by this user alone. A Failure where there is a file already. */
export async function writeBackup(
  path: string,
  { at, records }: StoreContent,
  signer: Signer,
): Promise<void> {
  const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  const end = End.parse({ v: 1, at, keys: records.length, digest: digestOfText(lines) });
  const signature = await signer.sign('backup', end);
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, 'wx', 0o600).catch((cause) => {
    throw notWritten(path, cause);
  });
  try {
    await file.writeFile(`${lines}${JSON.stringify({ ...end, signature })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  // Unlike a rename, it never replaces what is there.
  const linked = link(draft, path).catch((cause) => {
    throw notWritten(path, cause);
  });
  await linked.finally(() => rm(draft));
}

/** What a backup holds, if every line is as a trusted key signed it. */
export async function readBackup(path: string, trust: Trust): Promise<StoreContent> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw unreadable(path, cause);
  });
  const lines = text.split('\n').slice(0, -1);
  const { signature, ...end } = endOf(path, lines.at(-1) ?? '');
  const body = lines.slice(0, -1).map((line) => `${line}\n`);
  const problem = await trust.problemWith('backup', end, signature);
  if (problem !== undefined) throw notABackup(path, problem);
  if (digestOfText(body.join('')) !== end.digest) {
    throw notABackup(path, 'it is not what was signed: something was changed or is missing');
  }
  return { at: end.at, records: body.map((line) => BackupRecord.parse(JSON.parse(line))) };
}

function endOf(path: string, line: string): z.infer<typeof SignedEnd> {
  try {
    return SignedEnd.parse(JSON.parse(line));
  } catch {
    throw notABackup(path, 'it does not end as a backup does');
  }
}

const NOT_WRITTEN: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EACCES: 'this user may not write there',
  EEXIST: 'there is a file already',
};

function notWritten(path: string, cause: NodeJS.ErrnoException): Failure {
  return new Failure({
    code: 'backup.not-written',
    problem: `No backup was written to ${path}`,
    because: NOT_WRITTEN[cause.code ?? ''] ?? rootMessage(cause),
    effect: 'none',
    next: 'Name a file that is not there yet, in a folder that signalbox may write to.',
    cause,
  });
}

function unreadable(path: string, cause: unknown): Failure {
  return new Failure({
    code: 'backup.unreadable',
    problem: `${path} cannot be restored`,
    because: whyUnreadable(cause),
    effect: 'none',
    next: 'Name a file that signalbox backup wrote, and that this user may read.',
    cause,
  });
}

function notABackup(path: string, because: string): Failure {
  return new Failure({
    code: 'backup.not-trusted',
    problem: `${path} cannot be restored`,
    because,
    effect: 'none',
    next: 'Use another backup, or name the key that signed it in signing.trusted.',
  });
}
