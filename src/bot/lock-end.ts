import { parseMoment } from '../domain/moment.ts';
import type { ArgumentSpec, Arguments } from '../jobs/model/command-spec.ts';
import { textOf } from './op-argument.ts';

/** When something set by hand ends; without either it stays until somebody takes it back. */
export const UNTIL: ArgumentSpec = {
  name: 'until',
  kind: 'word',
  required: false,
  expected: 'when it ends, such as 2026-11-22T10:00 in UTC, or with an offset such as +01:00',
};
export const FOR: ArgumentSpec = {
  name: 'for',
  kind: 'word',
  required: false,
  expected: 'how long, such as 30m, 2h or 3d',
};

const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 60 * 60_000,
  d: 24 * 60 * 60_000,
};
const LONGEST_MS = 365 * 24 * 60 * 60_000;

export type End = { readonly until?: number } | { readonly refused: string };

/** Milliseconds since 1970. */
export function endOf(args: Arguments, now: number): End {
  const [until, duration] = [textOf(args, 'until'), textOf(args, 'for')];
  if (until !== undefined && duration !== undefined) {
    return { refused: 'say until= or for=, not both' };
  }
  if (until === undefined && duration === undefined) return {};
  const at =
    until === undefined ? now + lasting(duration ?? '') : (parseMoment(until) ?? Number.NaN);
  if (Number.isNaN(at)) return { refused: notATime(until, duration) };
  if (at <= now) return { refused: `until=${until} is over already` };
  if (at - now > LONGEST_MS) return { refused: 'that is more than a year; leave the end out' };
  return { until: at };
}

function notATime(until: string | undefined, duration: string | undefined): string {
  return until === undefined
    ? `for=${duration} is not a time; expected ${FOR.expected}`
    : `until=${until} is not a time; expected ${UNTIL.expected}`;
}

function lasting(typed: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,5})([mhd])$/.exec(typed) ?? [];
  return Number(count) * (UNIT_MS[unit] ?? Number.NaN);
}
