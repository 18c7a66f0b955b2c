import * as z from 'zod';
import { type Homeserver, openHomeserver } from './homeserver.ts';
import { notUnderstood } from './matrix-failure.ts';
import { parseUserId } from './user-id.ts';

const Whoami = z.object({ user_id: z.string(), device_id: z.string().optional() });

export interface LoggedIn {
  readonly server: Homeserver;
  readonly ownId: string;
  /** The homeserver that our own account is of. */
  readonly ownServer: string;
  readonly device: string | undefined;
}

export interface LoginOptions {
  readonly url: URL;
  readonly token: string;
  readonly signal: AbortSignal;
}

/** Asks the homeserver whose token it is. Throws a Failure. */
export async function logIn(options: LoginOptions): Promise<LoggedIn> {
  const server = await openHomeserver(options);
  const what = 'say who we are';
  const { user_id, device_id } = await server.call({
    method: 'GET',
    path: '/_matrix/client/v3/account/whoami',
    what,
    answer: Whoami,
  });
  const own = parseUserId(user_id);
  if (own === undefined) throw notUnderstood(server.name, what, new Error(`we are ${user_id}`));
  return { server, ownId: own.id, ownServer: own.server, device: device_id };
}
