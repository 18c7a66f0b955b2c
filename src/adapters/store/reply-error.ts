import { ReplyError } from 'ioredis';

/** The server itself answered with an error, so the connection is fine. */
export function isReplyError(error: unknown): error is Error {
  return error instanceof ReplyError;
}
