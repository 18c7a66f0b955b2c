import * as z from 'zod';
import { Failure, rootMessage } from '../../../domain/failure.ts';
import { askForSession, loginMethod, type SessionAnswer } from './ask-for-session.ts';
import { type Credentials, type KojiLogin, readCredentials } from './credentials.ts';
import { brief, type CallPlace, faultFailure, loginFailure, lostFailure } from './koji-failure.ts';
import { KOJI_FAULT, KojiFault } from './koji-fault.ts';
import { serial } from './serial.ts';
import { callXmlRpc } from './xml-rpc.ts';
import type { XmlRpcCall, XmlRpcValue } from './xml-rpc-value.ts';

export interface KojiSessionOptions {
  /** E.g. `https://koji.example.org/kojihub`. */
  readonly hub: URL;
  readonly login: KojiLogin;
  readonly caFile?: string;
  /** For one request; a call may need a login before it. */
  readonly timeoutMs: number;
}

/** What is known about a call that was to change something. */
export type ChangeOutcome =
  | { readonly kind: 'answered'; readonly value: XmlRpcValue }
  /** The hub says that it has carried out this call before and that the answer was lost. Read the state. */
  | { readonly kind: 'done-earlier'; readonly failure: Failure }
  /** No answer; it may have been carried out. Read the state. */
  | { readonly kind: 'lost'; readonly failure: Failure };

/**
 * One login to a hub. Calls go one after the other, because the hub counts them: a number that comes twice is
 * how it tells us that an answer was lost. Logs in when first used, and once more when the hub has
 * forgotten the session. Source: kojihub/auth.py, `Session.__init__`.
 */
export interface KojiSession {
  /** The host of the hub, for messages. */
  readonly hubName: string;
  /** Throws a Failure, always with effect `none`. */
  read(call: XmlRpcCall, signal: AbortSignal): Promise<XmlRpcValue>;
  /** Sends the call once. Throws a Failure only when nothing was done. */
  change(call: XmlRpcCall, signal: AbortSignal): Promise<ChangeOutcome>;
  /** Logs out if it was logged in. A hub that does not answer is no error: it forgets sessions by itself. */
  close(): Promise<void>;
}

// Koji sends no other reply to a login. Source: `createSession` in kojihub/auth.py.
const LoginReply = z.object({
  'session-id': z.int(),
  'session-key': z.string().min(1),
  /** Absent from hubs before 1.30, which read the session from the query. */
  'header-auth': z.boolean().optional(),
});

interface LoggedIn {
  readonly id: number;
  readonly key: string;
  readonly headerAuth: boolean;
  readonly tls: Credentials['tls'];
  readonly family: SessionAnswer['family'];
  callnum: number;
}

// Nothing was done; the hub does not know the session any more, or lost count of it.
const LOG_IN_AGAIN: readonly number[] = [
  KOJI_FAULT.auth,
  KOJI_FAULT.authExpired,
  KOJI_FAULT.sequence,
];
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const LOGOUT_TIMEOUT_MS = 2_000;

export function kojiSession(options: KojiSessionOptions): KojiSession {
  const hubName = options.hub.host;
  const inTurn = serial();
  let session: LoggedIn | undefined;

  async function post(call: XmlRpcCall, to: LoggedIn, signal: AbortSignal): Promise<XmlRpcValue> {
    const { url, headers } = addressed(options.hub, to);
    to.callnum += 1;
    return callXmlRpc({
      url,
      headers,
      tls: to.tls,
      ...(to.family === undefined ? {} : { family: to.family }),
      call,
      maxAnswerBytes: MAX_ANSWER_BYTES,
      signal,
    });
  }

  async function logIn(signal: AbortSignal): Promise<LoggedIn> {
    const credentials = await readCredentials(options.login, options.caFile).catch((cause) => {
      throw loginFailure(hubName, rootOfSetting(cause), cause);
    });
    const { hub, login, caFile } = options;
    const place: CallPlace = { hub: hubName, method: loginMethod(login), ifLost: 'none' };
    const answer = await timed(place, signal, (either) =>
      askForSession({ hub, login, caFile, credentials, signal: either }),
    ).catch((error: unknown) => {
      throw error instanceof KojiFault ? loginRefused(place, error) : error;
    });
    return opened(hubName, answer, credentials.tls);
  }

  /** Throws KojiFault as the hub said it, or a Failure. */
  function timed<Answer>(
    place: CallPlace,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const deadline = AbortSignal.timeout(options.timeoutMs);
    return work(AbortSignal.any([signal, deadline])).catch((cause: unknown) => {
      if (cause instanceof KojiFault || cause instanceof Failure) throw cause;
      throw lostFailure(place, whyLost(cause, deadline, signal, options.timeoutMs), cause);
    });
  }

  async function attempt(call: XmlRpcCall, place: CallPlace, signal: AbortSignal) {
    session ??= await logIn(signal);
    const current = session;
    return timed(place, signal, (either) => post(call, current, either));
  }

  function send(call: XmlRpcCall, place: CallPlace, signal: AbortSignal): Promise<XmlRpcValue> {
    return inTurn(async () => {
      stopIfAborted(place, signal);
      try {
        return await attempt(call, place, signal);
      } catch (error) {
        if (!(error instanceof KojiFault) || !LOG_IN_AGAIN.includes(error.code)) throw error;
        session = undefined;
        return await attempt(call, place, signal);
      }
    });
  }

  return {
    hubName,
    async read(call, signal) {
      const place: CallPlace = { hub: hubName, method: call.method, ifLost: 'none' };
      try {
        // A number seen before hurts no read: ask again under the next one.
        return await send(call, place, signal).catch((error: unknown) => {
          if (isRetryFault(error)) return send(call, place, signal);
          throw error;
        });
      } catch (error) {
        throw error instanceof KojiFault ? faultFailure(place, error) : error;
      }
    },
    async change(call, signal) {
      const place: CallPlace = { hub: hubName, method: call.method, ifLost: 'unknown' };
      try {
        return { kind: 'answered', value: await send(call, place, signal) };
      } catch (error) {
        if (error instanceof Failure && error.effect === 'unknown') {
          return { kind: 'lost', failure: error };
        }
        if (isRetryFault(error)) {
          const because = 'it says that it carried out the call before, and the answer was lost';
          return { kind: 'done-earlier', failure: lostFailure(place, because, error) };
        }
        throw error instanceof KojiFault ? faultFailure(place, error) : error;
      }
    },
    async close() {
      if (session === undefined) return;
      const leaving = session;
      session = undefined;
      const signal = AbortSignal.timeout(LOGOUT_TIMEOUT_MS);
      await inTurn(() => post({ method: 'logout', params: [] }, leaving, signal)).catch(() => null);
    },
  };
}

function opened(
  hubName: string,
  { reply, family }: SessionAnswer,
  tls: Credentials['tls'],
): LoggedIn {
  const parsed = LoginReply.safeParse(reply);
  if (!parsed.success) {
    throw loginFailure(hubName, 'its answer to the login holds no session', parsed.error);
  }
  const { 'session-id': id, 'session-key': key, 'header-auth': headerAuth = false } = parsed.data;
  return { id, key, headerAuth, tls, family, callnum: 0 };
}

function addressed(hub: URL, { id, key, headerAuth, callnum }: LoggedIn) {
  if (headerAuth) {
    const headers = {
      'Koji-Session-Id': String(id),
      'Koji-Session-Key': key,
      'Koji-Session-Callnum': String(callnum),
    };
    return { url: hub, headers };
  }
  const url = new URL(hub);
  url.searchParams.set('session-id', String(id));
  url.searchParams.set('session-key', key);
  url.searchParams.set('callnum', String(callnum));
  return { url, headers: {} };
}

function loginRefused(place: CallPlace, fault: KojiFault): Failure {
  if (fault.code === KOJI_FAULT.offline) return faultFailure(place, fault);
  return loginFailure(place.hub, brief(fault.text), fault);
}

function whyLost(cause: unknown, deadline: AbortSignal, signal: AbortSignal, timeoutMs: number) {
  if (signal.aborted) return 'the call was given up';
  if (deadline.aborted) return `no answer within ${timeoutMs} ms`;
  return brief(rootMessage(cause));
}

// The file system's own words come last in the chain of causes, and do not name the setting.
function rootOfSetting(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function stopIfAborted(place: CallPlace, signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw lostFailure(
    { ...place, ifLost: 'none' },
    'the call was given up before it was sent',
    signal.reason,
  );
}

function isRetryFault(error: unknown): boolean {
  return error instanceof KojiFault && error.code === KOJI_FAULT.retry;
}
