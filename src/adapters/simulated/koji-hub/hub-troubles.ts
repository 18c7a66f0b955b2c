import { KOJI_FAULT, KojiFault } from '../../infra/koji/koji-fault.ts';
import type { HubSessions } from './hub-sessions.ts';

/** What can be made to go wrong. Methods named here mean their next calls; without a name, any call. */
export interface HubTroubles {
  /** Every call gets fault 1014 until `comeBack`. */
  goOffline(): void;
  comeBack(): void;
  /** Carries out the next calls and closes the connection without an answer. */
  drop(times: number, method?: string): void;
  /** Carries out the next calls and leaves the connection open without an answer. */
  stall(times: number, method?: string): void;
  /** Answers the next calls with this fault and carries nothing out. */
  refuse(
    times: number,
    fault: { readonly code: number; readonly text: string },
    method?: string,
  ): void;
  /** As a proxy that lost the answer and sends the call a second time; the caller gets the second answer. */
  resend(times: number, method?: string): void;
  /** Fault 1007 for all who are logged in now. */
  expireSessions(): void;
  /** Fault 1002 for all who are logged in now. */
  closeSessions(): void;
  /** As if somebody else had used the sessions up to this call number: fault 1008. */
  raiseCallnums(to: number): void;
}

/** The hub's side: asked once for each call, and used up by the asking. */
export interface PendingTroubles extends HubTroubles {
  /** Throws the fault when the call is to be refused. */
  mayRefuse(method: string): void;
  isDropped(method: string): boolean;
  isStalled(method: string): boolean;
  isResent(method: string): boolean;
}

export function hubTroubles(sessions: HubSessions): PendingTroubles {
  const dropped = countdown<true>();
  const stalled = countdown<true>();
  const resent = countdown<true>();
  const refused = countdown<KojiFault>();
  let offline = false;
  return {
    goOffline: () => {
      offline = true;
    },
    comeBack: () => {
      offline = false;
    },
    drop: (times, method) => dropped.arm(times, true, method),
    stall: (times, method) => stalled.arm(times, true, method),
    resend: (times, method) => resent.arm(times, true, method),
    refuse: (times, { code, text }, method) =>
      refused.arm(times, new KojiFault(code, text), method),
    expireSessions: () => {
      for (const session of sessions.all()) session.expired = true;
    },
    closeSessions: () => {
      for (const session of sessions.all()) session.closed = true;
    },
    raiseCallnums: (to) => {
      for (const session of sessions.all()) session.callnum = to;
    },
    mayRefuse: (method) => {
      if (offline) throw new KojiFault(KOJI_FAULT.offline, 'server is offline');
      const fault = refused.take(method);
      if (fault) throw fault;
    },
    isDropped: (method) => dropped.take(method) ?? false,
    isStalled: (method) => stalled.take(method) ?? false,
    isResent: (method) => resent.take(method) ?? false,
  };
}

function countdown<Trouble>() {
  let armed: { left: number; trouble: Trouble; method: string | undefined } | undefined;
  return {
    arm(left: number, trouble: Trouble, method?: string) {
      armed = { left, trouble, method };
    },
    take(method: string): Trouble | undefined {
      if (armed === undefined || armed.left === 0) return undefined;
      if (armed.method !== undefined && armed.method !== method) return undefined;
      armed.left -= 1;
      return armed.trouble;
    },
  };
}
