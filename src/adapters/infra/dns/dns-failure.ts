import { type Effect, Failure } from '../../../domain/failure.ts';

/** What was asked of whom, e.g. `the change of www.example.org` at `192.0.2.1:53`. */
export interface DnsQuestion {
  readonly what: string;
  readonly server: string;
}

export function unknownZone(name: string, zones: readonly string[]): Failure {
  return new Failure({
    code: 'dns.unknown-zone',
    problem: `${name} is in no DNS zone that is configured`,
    because: zones.length === 0 ? 'there is none' : `there is ${zones.join(', ')}`,
    effect: 'none',
    next: 'Add its zone to the dns driver in signalbox.yaml.',
  });
}

export function refused({ what, server }: DnsQuestion, because: string): Failure {
  return new Failure({
    code: 'dns.refused',
    problem: `${server} refused ${what}`,
    because,
    effect: 'none',
    next: 'Nothing was changed. Let the server allow it (BIND: update-policy), then retry.',
  });
}

export function noAnswer(
  { what, server }: DnsQuestion,
  { because, effect, cause }: { because: string; effect: Effect; cause?: unknown },
): Failure {
  return new Failure({
    code: 'dns.no-answer',
    problem: `${server} did not answer ${what}`,
    because,
    effect,
    next:
      effect === 'none'
        ? 'Nothing was changed. Check that it is up and can be reached, then retry.'
        : 'It may have been done. Look at what all servers say before any retry.',
    cause,
  });
}

export function notChanged({ what, server }: DnsQuestion, shown: string): Failure {
  return new Failure({
    code: 'dns.not-changed',
    problem: `${server} said yes to ${what} and does not show it`,
    because: `it answers ${shown}`,
    effect: 'unknown',
    next: 'Look into the log of that server, and for other records of the name: they make it ignore a CNAME.',
  });
}
