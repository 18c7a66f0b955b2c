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
    next: 'Nothing was changed. Let the server allow it (BIND: update-policy; PowerDNS: the key of its API), then retry.',
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

export function failed({ what, server }: DnsQuestion, answer: string): Failure {
  return new Failure({
    code: 'dns.server-failed',
    problem: `${server} failed at ${what}`,
    because: `it answered ${answer}`,
    effect: 'unknown',
    next: 'It may have been done. Look at what all servers say, and into the log of that one.',
  });
}

export function badKey(
  { what, server }: DnsQuestion,
  { error, key }: { readonly error: string; readonly key: string },
): Failure {
  const known =
    error === 'BADKEY' ? 'it does not know the key' : 'it has another secret for the key';
  return new Failure({
    code: 'dns.key-refused',
    problem: `${server} did not take our signature of ${what}`,
    because: `${error}: ${known} ${key}, or has it with another algorithm`,
    effect: 'none',
    next: 'Nothing was changed. Give both sides the same key: key-file of the dns driver, and the key of the server.',
  });
}

export function badTime({ what, server }: DnsQuestion, theirs: number, ours: number): Failure {
  const apart = Math.round(Math.abs(theirs - ours) / 1000);
  return new Failure({
    code: 'dns.clocks-differ',
    problem: `${server} did not take our signature of ${what}`,
    because: `BADTIME: its clock shows ${clock(theirs)} and ours ${clock(ours)}, ${apart} s apart`,
    effect: 'none',
    next: 'Nothing was changed. Set the clock that is wrong; 300 s are allowed.',
  });
}

export function unsignedAnswer({ what, server }: DnsQuestion, because: string): Failure {
  return new Failure({
    code: 'dns.answer-unproved',
    problem: `the answer of ${server} to ${what} proves nothing`,
    because,
    effect: 'unknown',
    next: 'It may have been done. Look at what all servers say, and at what answers there.',
  });
}

export function notComparable({ what, server }: DnsQuestion, serial: number): Failure {
  return new Failure({
    code: 'dns.not-comparable',
    problem: `${server} says of ${what} that something has changed, and nothing has`,
    because: `it shows serial ${serial} and compares with another, as it does where it signs the zone itself`,
    effect: 'none',
    next: 'Nothing was changed. Set compare: name for this zone in the dns driver; docs/dns.md says what that gives up.',
  });
}

export function busyZone({ what, server }: DnsQuestion, times: number): Failure {
  return new Failure({
    code: 'dns.zone-busy',
    problem: `${server} could not be brought to ${what}`,
    because: `somebody else changed the zone each of ${times} times between looking and changing`,
    effect: 'none',
    next: 'Nothing was changed. Retry.',
  });
}

export function noKey(file: string, because: string, cause: unknown): Failure {
  return new Failure({
    code: 'dns.no-key',
    problem: `key-file ${file} of the dns driver gives no key`,
    because,
    effect: 'none',
    next: 'Make one with tsig-keygen, and let the worker alone read it.',
    cause,
  });
}

function clock(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
