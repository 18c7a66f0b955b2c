import { pino } from 'pino';
import type { Log } from './program.ts';

/** Structured lines on stderr, so that stdout stays the channel's. */
export function createLog(): Log {
  const logger = pino({ base: null }, pino.destination(2));
  return (level, message, about) => (about ? logger.child(about) : logger)[level](message);
}
