import { createHash } from 'node:crypto';
import { isValidSlackRequest } from '@slack/bolt';

/** As it came. */
export interface SlackRequest {
  readonly body: string;
  readonly signature: string;
  readonly timestamp: string;
  /** Slack says that it brings it again; nobody signed that. */
  readonly again: boolean;
}

export type Judged =
  /** Whatever it says, nobody said it. */
  | { readonly kind: 'unsigned' }
  /** Slack signed it, but not to be taken now; why not. */
  | { readonly kind: 'refused'; readonly because: string }
  /** `forget`: it was not taken in, so that it may come once more. */
  | { readonly kind: 'signed'; forget(): void };

/** How far the time that it was signed for may be from now. */
const MOST_SKEW_S = 5 * 60;

/**
 * Whether Slack signed a request, just now and for the first time. What its body and its time say counts for nothing before
 * the signature is right: https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function judgeRequests(
  signingSecret: string,
  now: () => number,
): (request: SlackRequest) => Judged {
  const taken = new Map<string, number>();

  function isTaken(key: string, lastsUntil: number): boolean {
    for (const [one, until] of taken) if (until <= now()) taken.delete(one);
    if (taken.has(key)) return true;
    taken.set(key, lastsUntil);
    return false;
  }

  return (request) => {
    const signedAtS = Number(request.timestamp);
    if (!isSigned(request, signedAtS, signingSecret)) return { kind: 'unsigned' };
    const skew = skewOf(signedAtS - Math.floor(now() / 1_000));
    if (skew !== undefined) return { kind: 'refused', because: skew };
    const key = keyOf(signedAtS, request.body);
    // As long as it could be taken, to the end of the last second.
    const isOld = isTaken(key, (signedAtS + MOST_SKEW_S + 1) * 1_000);
    if (isOld && !request.again) return { kind: 'refused', because: REPLAYED };
    // Whoever brings it again decides nothing about the one before.
    return { kind: 'signed', forget: () => void (isOld || taken.delete(key)) };
  };
}

/** Whenever that was. */
function isSigned({ body, signature }: SlackRequest, atS: number, signingSecret: string): boolean {
  return isValidSlackRequest({
    signingSecret,
    body,
    headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': atS },
    nowMilliseconds: atS * 1_000,
  });
}

const REPLAYED = 'the same request came before: somebody may have kept it and be sending it again';

function skewOf(aheadS: number): string | undefined {
  if (Math.abs(aheadS) <= MOST_SKEW_S) return undefined;
  const minutes = Math.floor(Math.abs(aheadS) / 60);
  return aheadS < 0
    ? `Slack signed the request ${minutes} min ago: somebody may be sending it again, or a clock is wrong`
    : `Slack signed the request for ${minutes} min from now: a clock is wrong`;
}

/** What was signed, however the signature was written. */
function keyOf(atS: number, body: string): string {
  return createHash('sha256').update(`${atS}:${body}`).digest('base64');
}
