import { type Effect, Failure } from '../../../domain/failure.ts';
import { KOJI_FAULT, type KojiFault } from './koji-fault.ts';
import { HttpRefusal, NotSent } from './xml-rpc.ts';
import { XmlRpcSyntaxError } from './xml-rpc-value.ts';

/** Where a call went: enough to name it to people, and no credentials. */
export interface CallPlace {
  /** The host of the hub's address. */
  readonly hub: string;
  readonly method: string;
  /** What a lost answer leaves behind: `none` for reads. */
  readonly ifLost: Effect;
}

const LOOK = 'Look at the builder in koji before any retry.';
const AGAIN = 'Nothing was changed. Check that the hub is up, then run it again.';

/** No XML-RPC answer came back; says whether the call may have been carried out all the same. */
export function lostFailure(place: CallPlace, because: string, cause: unknown): Failure {
  const effect = cause instanceof NotSent || isRefusal(cause) ? 'none' : place.ifLost;
  const what = cause instanceof NotSent ? 'could not be sent' : 'did not answer';
  return new Failure({
    code: cause instanceof XmlRpcSyntaxError ? 'koji.unreadable' : 'koji.no-answer',
    problem: `koji at ${place.hub} ${what} ${place.method}`,
    because,
    effect,
    next: effect === 'none' ? AGAIN : `It may have been carried out. ${LOOK}`,
    cause,
  });
}

// 4xx is said before the call is looked at; 5xx may come from a proxy that gave up waiting.
function isRefusal(cause: unknown): boolean {
  return cause instanceof HttpRefusal && cause.status >= 400 && cause.status < 500;
}

/** A fault means that the hub did nothing: it rolls the transaction back. */
export function faultFailure(place: CallPlace, fault: KojiFault): Failure {
  if (fault.code === KOJI_FAULT.offline) return offline(place, fault);
  if (fault.code === KOJI_FAULT.notAllowed) return notAllowed(place, fault);
  return new Failure({
    code: 'koji.refused',
    problem: `koji at ${place.hub} refused ${place.method}`,
    because: brief(fault.text),
    effect: 'none',
    next: 'Nothing was changed. Mend the cause, then run it again.',
    cause: fault,
  });
}

function offline(place: CallPlace, cause: KojiFault): Failure {
  return new Failure({
    code: 'koji.offline',
    problem: `koji at ${place.hub} is offline`,
    because: brief(cause.text),
    effect: 'none',
    next: 'Nothing was changed. Wait until its maintenance is over, then run it again.',
    cause,
  });
}

// "host permission required (logged in as bot)". Source: `assertPerm` in kojihub/auth.py.
const PERMISSION = /^([\w-]+) permission required(?: \(logged in as ([\w@./-]+)\))?/;

function notAllowed(place: CallPlace, cause: KojiFault): Failure {
  const [, permission, user = 'USER'] = PERMISSION.exec(cause.text) ?? [];
  return new Failure({
    code: 'koji.not-allowed',
    problem: `koji at ${place.hub} does not let the bot call ${place.method}`,
    because: permission ? `its user lacks the permission ${permission}` : brief(cause.text),
    effect: 'none',
    next: permission
      ? `Nothing was changed. A koji administrator can grant it: koji grant-permission ${permission} ${user}`
      : 'Nothing was changed. Ask a koji administrator.',
    cause,
  });
}

export function loginFailure(hub: string, because: string, cause: unknown): Failure {
  return new Failure({
    code: 'koji.login',
    problem: `the bot cannot log in to koji at ${hub}`,
    because,
    effect: 'none',
    next: 'Nothing was changed. Check the login of the koji driver in the configuration with `signalbox check`.',
    cause,
  });
}

/** The first line, and not all of that: a hub with debugging on sends whole tracebacks. */
export function brief(text: string): string {
  const [line = ''] = text.split('\n');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
