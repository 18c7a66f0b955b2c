import { type LogCursor, parseLogCursor } from './log-cursor.ts';

/** A place in the file that captures of one operation write one after the other, and which of them writes now. */
export interface StreamCursor {
  /** From 1. */
  readonly capture: number;
  readonly at: LogCursor;
}

export function formatStreamCursor(capture: number, at: string): string {
  return `${capture}/${at}`;
}

export function parseStreamCursor(text: string): StreamCursor {
  const slash = text.indexOf('/');
  const capture = Number(text.slice(0, slash));
  if (!Number.isSafeInteger(capture) || capture < 1) {
    throw new TypeError(`Not a place in a console stream: ${JSON.stringify(text)}`);
  }
  return { capture, at: parseLogCursor(text.slice(slash + 1)) };
}
