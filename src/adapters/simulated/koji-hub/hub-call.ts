import { KOJI_FAULT, KojiFault } from '../../infra/koji/koji-fault.ts';
import type { XmlRpcStruct, XmlRpcValue } from '../../infra/koji/xml-rpc-value.ts';
import type { HubSession, HubSessions } from './hub-sessions.ts';
import type { HubState } from './hub-state.ts';
import type { HubUser } from './hub-users.ts';

/** One call in progress: what a method of the hub may look at and act with. */
export interface HubCall {
  readonly state: HubState;
  readonly sessions: HubSessions;
  readonly users: readonly HubUser[];
  /** Undefined for somebody who has not logged in. */
  readonly session: HubSession | undefined;
  /** The name in the certificate that came with the connection. */
  readonly clientName: string | undefined;
  /** The Kerberos principal that a front end has verified. */
  readonly remoteUser: string | undefined;
  /** The address ends in /ssllogin, the only one under which a certificate is asked for. */
  readonly atSslLogin: boolean;
  /** To be called by whatever writes to the database: only then is the call number kept. */
  readonly wrote: () => void;
}

export type BoundArguments = XmlRpcStruct;

/** A method of the hub. Parameters with `?` are optional and nil when absent. */
export interface HubMethod {
  readonly parameters: readonly string[];
  readonly openKeywords?: boolean;
  readonly run: (args: BoundArguments, call: HubCall) => XmlRpcValue;
}

/** Administrators may do everything. Source: `assertPerm` in kojihub/auth.py. */
export function assertPermission({ session }: HubCall, permission: string): void {
  if (hasPermission(session, permission) || hasPermission(session, 'admin')) return;
  const who = session ? `logged in as ${session.user.name}` : 'user not logged in';
  throw new KojiFault(KOJI_FAULT.notAllowed, `${permission} permission required (${who})`);
}

export function hasPermission(session: HubSession | undefined, permission: string): boolean {
  return session?.user.permissions.includes(permission) ?? false;
}

export function generic(text: string): KojiFault {
  return new KojiFault(KOJI_FAULT.generic, text);
}
