import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';

/**
 * How a bot knows which Unix user is at the other end of its socket. Node cannot ask the kernel for the peer's
 * credentials (SO_PEERCRED), so the peer proves it through the file system, as HTCondor's FS authentication does
 * (htcondor.readthedocs.io, "Security", "Authentication Methods"): the bot draws a name, the peer makes a directory of
 * that name in a folder where everybody may make some and nobody may touch those of others, and whose directory it is
 * says who the peer is.
 *
 * - A directory and not a file: nobody can hard-link one. The bot looks with `lstat`, so a symbolic link is none.
 * - The name is 256 random bits, drawn when the peer connects, and the folder cannot be listed: nothing was there before.
 * - Its mode has to be 0700: nobody but its owner could have moved it there (rename(2) wants to write in what it moves).
 * - The name is bound to the socket's own path: who lures somebody to a socket of their own and hands our challenge on
 *   gets a directory of another name made.
 *
 * The folder has to be on this machine: a network file system may say that everything is somebody else's.
 */
export const PROOFS = 'proofs';

/** Owner of all, and everybody else may make something in it but not see what others made. */
export const PROOFS_MODE = 0o1733;

export const PROOF_MODE = 0o700;

export function newNonce(): string {
  return randomBytes(32).toString('hex');
}

/** `socket`: as `realpath` has its folder, on both sides. */
export function proofPath(folder: string, socket: string, nonce: string): string {
  const name = createHash('sha256').update(`${nonce} ${socket}`).digest('hex');
  return join(folder, PROOFS, name);
}
