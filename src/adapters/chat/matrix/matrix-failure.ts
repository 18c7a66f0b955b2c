import { printable } from '../../../bot/grammar/printable.ts';
import { type Effect, Failure, rootMessage } from '../../../domain/failure.ts';
import { notSaidBeforeStop } from '../common/not-said.ts';

export function noConnection(server: string, effect: Effect, cause: unknown): Failure {
  return new Failure({
    code: 'matrix.no-connection',
    problem: `there is no connection to ${server}`,
    because: printable(rootMessage(cause), 300),
    effect,
    next: 'Nothing needs to be done if it is back soon; otherwise compare homeserver in signalbox.yaml with what runs there.',
    cause,
  });
}

/** What the server itself said no with. */
export interface ServerError {
  readonly errcode: string;
  readonly error: string;
  readonly statusCode: number;
}

export function loginRefused(server: string, { errcode, error }: ServerError): Failure {
  return new Failure({
    code: 'matrix.login-refused',
    problem: `${server} does not take our access token`,
    because: printable(`${errcode} ${error}`, 300),
    effect: 'none',
    next: 'Log in anew as the bot and put the token that it gives in place of the old one; docs/matrix.md says how.',
  });
}

export function refusedByServer(server: string, what: string, said: ServerError): Failure {
  return new Failure({
    code: 'matrix.refused',
    problem: `${server} refused to ${what}`,
    because: printable(`${said.errcode} ${said.error}`, 300),
    effect: 'none',
    next: 'Let the bot into the room, with the right to send messages and reactions there.',
    cause: said,
  });
}

export function notUnderstood(server: string, what: string, cause: unknown): Failure {
  return new Failure({
    code: 'matrix.not-understood',
    problem: `what ${server} answered to ${what} was not understood`,
    because: printable(rootMessage(cause), 300),
    effect: 'unknown',
    next: 'Look whether homeserver in signalbox.yaml is a Matrix server, and whether something stands in front of it.',
    cause,
  });
}

export function awayNow(channel: string): Failure {
  return new Failure({
    code: 'matrix.away',
    problem: `it was not said in ${channel}`,
    because: 'there is no connection to the homeserver just now',
    effect: 'none',
    next: 'Nothing: it is said when the connection is back.',
  });
}

export function stoppedBefore(channel: string): Failure {
  return notSaidBeforeStop(channel, 'matrix.stopped');
}

/** `why` is what this machine lacks. */
export function roomEncrypted(channel: string, why: Failure): Failure {
  return new Failure({
    code: 'matrix.encrypted',
    problem: `${channel} is an encrypted room`,
    because: `this bot neither reads nor writes encrypted messages: ${why.message}`,
    effect: 'none',
    next: `${why.next} Or use a room without encryption; in one that has it, it cannot be turned off again.`,
    cause: why,
  });
}

export function noEncryption(because: string): Failure {
  return new Failure({
    code: 'matrix.no-encryption',
    problem: 'there is no encryption on this machine',
    because,
    effect: 'none',
    next: 'docs/matrix.md says what encrypted rooms need.',
  });
}

export function keysUnusable(folder: string, cause: unknown): Failure {
  return new Failure({
    code: 'matrix.keys-unusable',
    problem: `the keys in ${folder} cannot be used`,
    because: printable(rootMessage(cause), 300),
    effect: 'none',
    next: 'Let the user of the bot write there; if the keys are lost, log in anew as the bot: a new login begins with new ones.',
    cause,
  });
}

export function keysInUse(folder: string): Failure {
  return new Failure({
    code: 'matrix.keys-in-use',
    problem: `the keys in ${folder} cannot be used`,
    because: 'another process on this machine uses them',
    effect: 'none',
    next: 'Give each bot a login and a keys-folder of its own.',
  });
}

export function keysElsewhere(device: string, folder: string): Failure {
  return new Failure({
    code: 'matrix.keys-elsewhere',
    problem: `the keys of device ${device} are not in ${folder}`,
    because: 'this login was used with other keys, by another bot or before its folder was lost',
    effect: 'none',
    next: 'Log in anew as the bot, on this machine alone, and use the token that it gives.',
  });
}

export function keysClosed(): Failure {
  return new Failure({
    code: 'matrix.keys-closed',
    problem: 'nothing was encrypted',
    because: 'this bot just stopped, or logged in anew',
    effect: 'none',
    next: 'Nothing: it is tried again.',
  });
}

export function oddEncryption(room: string): Failure {
  return new Failure({
    code: 'matrix.odd-encryption',
    problem: `nothing was said in ${room}`,
    because: 'it is encrypted in a way that is not known here',
    effect: 'none',
    next: 'Use another room; in one that has it, encryption cannot be changed.',
  });
}
