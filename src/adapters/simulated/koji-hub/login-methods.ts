import { KOJI_FAULT, KojiFault } from '../../infra/koji/koji-fault.ts';
import type { HubCall, HubMethod } from './hub-call.ts';
import type { HubUser } from './hub-users.ts';

// Source: `AUTHTYPES` in koji/__init__.py.
const AUTHTYPES = { password: 0, certificate: 2, gssapi: 3 } as const;

// Source: kojihub/auth.py; getAPIVersion, getKojiVersion and getLoggedInUser in kojihub/kojihub.py.
export const LOGIN_METHODS: Readonly<Record<string, HubMethod>> = {
  getAPIVersion: { parameters: [], run: () => 1 },
  getKojiVersion: { parameters: [], run: () => '1.35.3' },
  login: {
    parameters: ['user', 'password', 'opts?', 'renew?', 'exclusive?'],
    run: ({ user, password }, call) => {
      refuseSecondLogin(call);
      const known = call.users.find(({ name }) => name === user);
      if (known?.password === undefined || known.password !== password) {
        throw authFault('invalid username or password');
      }
      return call.sessions.open(known, 'password');
    },
  },
  sslLogin: {
    parameters: ['proxyuser?', 'proxyauthtype?', 'renew?', 'exclusive?'],
    run: (_args, call) => {
      refuseSecondLogin(call);
      if (call.remoteUser === undefined) return call.sessions.open(certified(call), 'certificate');
      return call.sessions.open(authenticated(call.remoteUser, call), 'gssapi');
    },
  },
  logout: {
    parameters: ['session_id?'],
    run: (_args, { session }) => {
      if (session === undefined) throw authFault('Not logged in');
      session.closed = true;
      return null;
    },
  },
  getLoggedInUser: {
    parameters: [],
    run: (_args, { session, users }) => {
      if (session === undefined) return null;
      const { name, principals = [] } = session.user;
      const id = userId(users, name);
      return {
        id,
        name,
        status: 0,
        usertype: 0,
        krb_principals: [...principals],
        krb_principal: principals[0] ?? null,
        authtype: AUTHTYPES[session.authtype],
      };
    },
  },
  getPerms: { parameters: [], run: (_args, { session }) => session?.user.permissions ?? [] },
};

/** 1, 2, 3 … in the order they were configured; 0 for somebody else. */
export function userId(users: readonly HubUser[], name: string): number {
  return users.findIndex((user) => user.name === name) + 1;
}

function certified({ users, clientName, atSslLogin }: HubCall): HubUser {
  if (!atSslLogin || clientName === undefined) throw authFault('could not verify client: NONE');
  const known = users.find(({ name }) => name === clientName);
  if (known === undefined) throw authFault(`Unknown user: ${clientName}`);
  return known;
}

function authenticated(principal: string, { users, atSslLogin }: HubCall): HubUser {
  if (!atSslLogin) throw authFault('could not verify client: NONE');
  const known = users.find(({ principals }) => principals?.includes(principal));
  if (known === undefined) throw authFault(`Unknown user: ${principal}`);
  return known;
}

function refuseSecondLogin({ session }: HubCall): void {
  if (session !== undefined) throw authFault('Already logged in');
}

function authFault(text: string): KojiFault {
  return new KojiFault(KOJI_FAULT.auth, text);
}
