import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where one connection keeps what belongs to it. Made with mode 0700: whoever reaches the socket is logged in. */
export interface MasterFolder {
  readonly config: string;
  readonly knownHosts: string;
  /** The keys that the host showed while we logged in. */
  readonly shownKeys: string;
  readonly socket: string;
  /** Never rejects; may be called twice. */
  remove(): Promise<void>;
}

const NAME = 'signalbox-ssh-';
const RANDOM = 'XXXXXX';
/** While it makes its socket, ssh calls it by a name that is this much longer (muxserver_listen of OpenSSH 9.2). */
const WHILE_MADE = '.0123456789abcdef';
/** sun_path takes 104 bytes on BSD and 108 on Linux, with a NUL at the end. */
const LONGEST_PATH = 103;

/** How long the name of the folder around them may be, in bytes. */
export const LONGEST_CONTROL_DIR = LONGEST_PATH - `/${NAME}${RANDOM}/m${WHILE_MADE}`.length;

/** A new one for each connection, so that what an earlier one left there cannot be taken for it. */
export async function makeMasterFolder(controlDir: string): Promise<MasterFolder> {
  const path = await mkdtemp(join(controlDir, NAME));
  return {
    config: join(path, 'config'),
    knownHosts: join(path, 'known_hosts'),
    shownKeys: join(path, 'shown'),
    socket: join(path, 'm'),
    remove: () => rm(path, { recursive: true, force: true }).catch(() => {}),
  };
}
