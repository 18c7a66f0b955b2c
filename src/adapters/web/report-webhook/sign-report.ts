import { createHmac } from 'node:crypto';

/** What the receiver computes as well: HMAC-SHA256 over the timestamp, a dot and the body. `timestamp` is in seconds. */
export function signReport(secret: string, timestamp: number, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}
