import type { ConsoleText } from '../../../jobs/ports/console-log.ts';
import { formatLogCursor } from './log-cursor.ts';
import type { LogPart, LogPlace } from './read-log.ts';

export function consoleText({ text, next, more, how }: LogPart, { path }: LogPlace): ConsoleText {
  const same = { text, next: formatLogCursor(next), more };
  return how === 'same' ? same : { ...same, remark: `${path} was ${how} and is read anew` };
}
