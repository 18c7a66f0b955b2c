import { chmod, mkdir, realpath, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../../domain/failure.ts';
import { PROOFS, PROOFS_MODE } from './challenge.ts';

/** `sun_path` of Linux and BSD holds so many bytes, with the one that ends it. */
const LONGEST_PATH = 103;

export interface SocketPlace {
  readonly folder: string;
  readonly socket: string;
}

/** Where a socket really is, for both sides. */
export async function placeOf(socket: string): Promise<SocketPlace> {
  const folder = await realpath(dirname(socket));
  return { folder, socket: join(folder, basename(socket)) };
}

/** Makes the folder of a socket ready: everybody may come in, nobody but us may change what is there. */
export async function prepareFolder(path: string): Promise<SocketPlace> {
  await mkdir(dirname(path), { recursive: true });
  const place = await placeOf(path);
  if (Buffer.byteLength(place.socket) > LONGEST_PATH) throw tooLong(place.socket);
  if (await isListenedAt(place.socket)) throw taken(place.socket);
  await rm(place.socket, { force: true });
  await chmod(place.folder, 0o755);
  // What somebody left there proves nothing any more.
  await rm(join(place.folder, PROOFS), { recursive: true, force: true });
  await mkdir(join(place.folder, PROOFS));
  // The mask of the process does not count for `chmod`.
  await chmod(join(place.folder, PROOFS), PROOFS_MODE);
  return place;
}

/** A socket that nobody listens at any more is left by a bot that was killed. */
function isListenedAt(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

function tooLong(socket: string): Failure {
  return new Failure({
    code: 'terminal.path-too-long',
    problem: 'The socket for terminals cannot be made',
    because: `${socket} is longer than ${LONGEST_PATH} bytes`,
    effect: 'none',
    next: 'Name a shorter one: networks: { terminal: { socket: /run/signalbox/socket } }.',
  });
}

function taken(socket: string): Failure {
  return new Failure({
    code: 'terminal.socket-taken',
    problem: 'The socket for terminals cannot be made',
    because: `another process listens at ${socket}`,
    effect: 'none',
    next: 'Stop the other bot, or give this one a socket of its own.',
  });
}
