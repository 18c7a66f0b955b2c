import { printable } from '../../../bot/grammar/printable.ts';
import { Failure } from '../../../domain/failure.ts';
import { notSaidBeforeStop } from '../common/not-said.ts';

export function noConnection(server: string, because: string, cause?: unknown): Failure {
  return new Failure({
    code: 'irc.no-connection',
    problem: `there is no connection to ${server}`,
    because: printable(because, 300),
    effect: 'none',
    next: 'Nothing needs to be done if it is back soon; otherwise compare server, port and ca-file with what runs there.',
    cause,
  });
}

export function loginRefused(server: string, because: string): Failure {
  return new Failure({
    code: 'irc.login-refused',
    problem: `${server} let nobody in as us`,
    because: printable(because, 300),
    effect: 'none',
    next: 'Compare account and password, or the fingerprint of the certificate, with what services have; without a login there is no connection.',
  });
}

export function awayNow(channel: string): Failure {
  return new Failure({
    code: 'irc.away',
    problem: `it was not said in ${channel}`,
    because: 'there is no connection just now, and a line that was under way may have arrived',
    effect: 'unknown',
    next: 'Nothing: it is said when the connection is back.',
  });
}

export function stoppedBefore(channel: string): Failure {
  return notSaidBeforeStop(channel, 'irc.stopped');
}
