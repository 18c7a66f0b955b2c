export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Hours of the week in UTC. One that begins before midnight may end after it. */
export interface Window {
  readonly days: readonly Weekday[];
  /** Minutes since midnight at which it opens on each of these days. */
  readonly from: number;
  /** In minutes, at most a day. */
  readonly lasts: number;
}

const MINUTE = 60_000;
const DAY_MINUTES = 24 * 60;

/** Whether it is open at that moment, in milliseconds since 1970. */
export function isOpen({ days, from, lasts }: Window, at: number): boolean {
  return [0, 1].some((daysAgo) => {
    const midnight = Math.floor(at / MINUTE / DAY_MINUTES) * DAY_MINUTES - daysAgo * DAY_MINUTES;
    const opens = midnight + from;
    const minute = Math.floor(at / MINUTE);
    return days.includes(weekdayOf(midnight)) && minute >= opens && minute < opens + lasts;
  });
}

/** When it opens next, in milliseconds since 1970. */
export function opensNext({ days, from }: Window, at: number): number {
  const today = Math.floor(at / MINUTE / DAY_MINUTES) * DAY_MINUTES;
  const mornings = Array.from({ length: 8 }, (_, ahead) => today + ahead * DAY_MINUTES);
  const opens = mornings.filter((day) => days.includes(weekdayOf(day))).map((day) => day + from);
  return (opens.find((minute) => minute * MINUTE > at) ?? today + from) * MINUTE;
}

/** `tue, thu 02:00 to 06:00 UTC` */
export function windowInWords({ days, from, lasts }: Window): string {
  return `${days.join(', ')} ${clock(from)} to ${clock((from + lasts) % DAY_MINUTES)} UTC`;
}

/** 1970 began on a Thursday. */
function weekdayOf(minutes: number): Weekday {
  return WEEKDAYS[(Math.floor(minutes / DAY_MINUTES) + 4) % 7] ?? 'sun';
}

function clock(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return `${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
