import { chmod, mkdir, rmdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { Failure, rootMessage } from '../../../domain/failure.ts';
import { PROOF_MODE, proofPath } from './challenge.ts';
import { FromBot, type FromPeer, linesOf, say } from './protocol.ts';
import { placeOf, type SocketPlace } from './socket-folder.ts';

const NOBODY: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `there is no socket ${path}`,
  ENOTDIR: (path) => `there is no socket ${path}`,
  ENOTSOCK: (path) => `${path} is no socket`,
  ECONNREFUSED: (path) => `nobody listens any more at ${path}`,
  EACCES: (path) => `this user may not get at ${path}`,
};

export interface AskBot extends FromPeer {
  /** The path of the bot's socket. */
  readonly socket: string;
  readonly print: (line: string) => void;
}

/** Types one command to the bot that runs on this machine, prints what the channel says, and gives how that ended. */
export async function askBot({
  socket: path,
  print,
  command,
  wait,
}: AskBot): Promise<Extract<FromBot, { kind: 'end' }>['outcome']> {
  const place = await placeOf(path).catch((problem) => {
    throw noBot(path, problem);
  });
  const socket = await connected(place.socket);
  const proof: { path?: string } = {};
  try {
    for await (const line of linesOf(socket)) {
      const said = FromBot.parse(JSON.parse(line));
      if (said.kind === 'end') return said.outcome;
      if (said.kind === 'said') for (const one of said.lines) print(one);
      if (said.kind === 'prove') {
        proof.path = await prove(place, said.nonce);
        say(socket, { command, wait });
      }
    }
  } finally {
    socket.destroy();
    if (proof.path !== undefined) await rmdir(proof.path).catch(() => undefined);
  }
  throw wentAway();
}

async function prove({ folder, socket }: SocketPlace, nonce: string): Promise<string> {
  const path = proofPath(folder, socket, nonce);
  await mkdir(path, { mode: PROOF_MODE });
  await chmod(path, PROOF_MODE);
  return path;
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (problem) => reject(noBot(path, problem)));
  });
}

const START_ONE =
  'Start it with signalbox start, with networks: { terminal: {} } in signalbox.yaml, or name its socket with --socket.';

function noBot(path: string, cause: NodeJS.ErrnoException): Failure {
  const mayNot = cause.code === 'EACCES';
  return new Failure({
    code: 'terminal.no-bot',
    problem: 'No bot takes commands here',
    because:
      NOBODY[cause.code ?? '']?.(path) ?? `nothing answers at ${path}: ${rootMessage(cause)}`,
    effect: 'none',
    next: mayNot ? 'Let this user into its folder, or name its socket with --socket.' : START_ONE,
    cause,
  });
}

function wentAway(): Failure {
  return new Failure({
    code: 'terminal.bot-went-away',
    problem: 'The bot went away',
    because: 'the connection ended before it said how this ended',
    effect: 'unknown',
    next: 'What was accepted goes on: look at it with signalbox run ops once the bot is back.',
  });
}
