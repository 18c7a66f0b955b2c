import { parseDuration } from '../domain/duration.ts';

const DAY_MS = 24 * 60 * 60_000;

/** What `2h`, `14:00` (the last one, UTC) or `2026-11-21T14:00` means; undefined for anything else, and for what is to come. */
export function parseSince(text: string, now: number): number | undefined {
  const ms = parseDuration(text);
  if (ms !== undefined) return now - ms;
  const at = /^\d{1,2}:\d{2}$/.test(text) ? lastTime(text, now) : dateTime(text);
  return at !== undefined && at <= now ? at : undefined;
}

function lastTime(text: string, now: number): number | undefined {
  const today = new Date(now).toISOString().slice(0, 10);
  const at = dateTime(`${today}T${text.padStart(5, '0')}`);
  return at !== undefined && at > now ? at - DAY_MS : at;
}

function dateTime(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return undefined;
  const at = Date.parse(`${text}Z`);
  return Number.isNaN(at) ? undefined : at;
}
