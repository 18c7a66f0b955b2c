import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { KOJI_FAULT, KojiFault } from '../../infra/koji/koji-fault.ts';
import type { XmlRpcStruct } from '../../infra/koji/xml-rpc-value.ts';
import type { HubUser } from './hub-users.ts';

export interface HubSession {
  readonly id: number;
  readonly key: string;
  readonly user: HubUser;
  readonly authtype: 'password' | 'certificate' | 'gssapi';
  expired: boolean;
  closed: boolean;
  /** Of the last call that changed something; the hub keeps no other. */
  callnum: number | undefined;
}

/** A call's claim to belong to a session. */
export interface SessionClaim {
  readonly session: HubSession;
  readonly callnum: number | undefined;
}

/**
 * Sessions as kojihub/auth.py keeps them. The call number is stored together with what a call changed, so a
 * number that comes again means that the first call was carried out.
 */
export interface HubSessions {
  open(user: HubUser, authtype: HubSession['authtype']): XmlRpcStruct;
  /** Undefined when the call names no session; a fault when the session is not good for the call. */
  claimOf(
    headers: IncomingHttpHeaders,
    query: URLSearchParams,
    method: string,
  ): SessionClaim | undefined;
  all(): readonly HubSession[];
}

export function hubSessions(options: { readonly headerAuth: boolean }): HubSessions {
  const sessions = new Map<number, HubSession>();
  return {
    all: () => [...sessions.values()],
    open(user, authtype) {
      const id = sessions.size + 1;
      const key = `${id}-${randomBytes(10).toString('hex')}`;
      const fresh = { id, key, user, authtype, expired: false, closed: false, callnum: undefined };
      sessions.set(id, fresh);
      const reply = { 'session-id': id, 'session-key': key };
      return options.headerAuth ? { ...reply, 'header-auth': true } : reply;
    },
    claimOf(headers, query, method) {
      const said = options.headerAuth ? fromHeaders(headers) : fromQuery(query);
      if (said === undefined) return undefined;
      const session = sessions.get(Number(said.id));
      if (session === undefined || session.key !== said.key || session.closed) {
        throw new KojiFault(KOJI_FAULT.auth, 'Invalid session or bad credentials');
      }
      if (session.expired) {
        throw new KojiFault(KOJI_FAULT.authExpired, `session "${session.id}" has expired`);
      }
      return { session, callnum: checkCallnum(session, said.callnum, method) };
    },
  };
}

function fromHeaders(headers: IncomingHttpHeaders) {
  const id = headers['koji-session-id'];
  if (id === undefined) return undefined;
  return { id, key: headers['koji-session-key'], callnum: headers['koji-session-callnum'] };
}

function fromQuery(query: URLSearchParams) {
  if (query.size === 0) return undefined;
  const id = query.get('session-id');
  const key = query.get('session-key');
  if (id === null || key === null) {
    throw new KojiFault(KOJI_FAULT.auth, 'session-id not specified in session args');
  }
  return { id, key, callnum: query.get('callnum') ?? undefined };
}

function checkCallnum(
  { id, callnum: last }: HubSession,
  sent: string | string[] | undefined,
  method: string,
): number | undefined {
  if (sent === undefined) return undefined;
  const callnum = Number(sent);
  if (!Number.isInteger(callnum)) {
    throw new KojiFault(KOJI_FAULT.auth, `Invalid callnum: '${sent}'`);
  }
  if (last !== undefined && last > callnum) {
    throw new KojiFault(KOJI_FAULT.sequence, `${last} > ${callnum} (session ${id})`);
  }
  if (last === callnum) {
    const what = `call ${callnum} (method ${method}) for session ${id}`;
    throw new KojiFault(KOJI_FAULT.retry, `unable to retry ${what}`);
  }
  return callnum;
}
