import { ReplyError } from 'ioredis';

/** The server itself answered with an error, so the connection is fine. */
export function isReplyError(error: unknown): error is Error {
  return error instanceof ReplyError;
}

/** The server says that this user may not, itself or by a script of ours; Redis 7.0 words the latter in its own way. */
export function refusesUser(answer: unknown): boolean {
  const refusal = /^NOPERM|^ERR The user executing the script can't/;
  return isReplyError(answer) && refusal.test(answer.message);
}
