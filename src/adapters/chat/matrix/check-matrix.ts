import * as z from 'zod';
import { readAccessToken } from './access-token.ts';
import { whatIsMissing } from './encryption/what-is-missing.ts';
import { type Homeserver, saidBy } from './homeserver.ts';
import { logIn } from './login.ts';
import { roomEncrypted } from './matrix-failure.ts';
import type { MatrixOptions } from './matrix-network.ts';
import { stateOf } from './rooms.ts';

const JoinedRooms = z.object({ joined_rooms: z.array(z.string()) });
const RoomId = z.object({ room_id: z.string() });

/** Asks whose token it is and what the rooms are like; joins none. Throws a Failure. */
export async function checkMatrix(options: MatrixOptions, signal: AbortSignal): Promise<string> {
  const { url, tokenFile, secrets, channels } = options;
  const token = await readAccessToken(tokenFile, secrets, signal);
  const { server, ownId, device } = await logIn({ url, token, signal });
  const joined = await joinedRooms(server);
  const rooms = [];
  for (const channel of channels) {
    rooms.push(await roomInWords(channel, { joined, server, keysFolder: options.keysFolder }));
  }
  const login = device === undefined ? ownId : `${ownId} (device ${device})`;
  return [`${server.name} knows us as ${login}`, ...rooms].join('; ');
}

async function joinedRooms(server: Homeserver): Promise<ReadonlySet<string>> {
  const { joined_rooms } = await server.call({
    method: 'GET',
    path: '/_matrix/client/v3/joined_rooms',
    what: 'say where we are',
    answer: JoinedRooms,
  });
  return new Set(joined_rooms);
}

interface Around {
  readonly joined: ReadonlySet<string>;
  readonly server: Homeserver;
  readonly keysFolder: string | undefined;
}

async function roomInWords(
  channel: string,
  { joined, server, keysFolder }: Around,
): Promise<string> {
  const room = channel.startsWith('#') ? await roomOf(channel, server) : channel;
  if (room === undefined) return `there is no room ${channel}`;
  if (!joined.has(room)) return `not in ${channel} yet: start joins it, or needs an invitation`;
  const encryption = await stateOf(server, room, 'm.room.encryption', z.object({}));
  if (encryption === undefined) return `in ${channel}`;
  const missing = whatIsMissing(keysFolder);
  if (missing !== undefined) throw roomEncrypted(channel, missing);
  return `in ${channel} (encrypted)`;
}

async function roomOf(alias: string, server: Homeserver): Promise<string | undefined> {
  try {
    const { room_id } = await server.call({
      method: 'GET',
      path: `/_matrix/client/v3/directory/room/${encodeURIComponent(alias)}`,
      what: `say which room ${alias} is`,
      answer: RoomId,
    });
    return room_id;
  } catch (problem) {
    if (saidBy(problem)?.statusCode === 404) return undefined;
    throw problem;
  }
}
