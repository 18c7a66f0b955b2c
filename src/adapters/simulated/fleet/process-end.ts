import type { Fleet } from './fleet.ts';
import type { CommandResult, LabProcess } from './lab-host.ts';

export type ProcessEnd =
  | { readonly kind: 'ended'; readonly result: CommandResult }
  /** Its host went down. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'late' }
  | { readonly kind: 'stopped' };

export interface Patience {
  /** In lab time. */
  readonly limitMs?: number;
  readonly signal: AbortSignal;
}

/** Lets a command's time pass. Under a clock that does not move by itself, the command ends at once. */
export async function processEnd(
  fleet: Fleet,
  process: LabProcess,
  { limitMs = Infinity, signal }: Patience,
): Promise<ProcessEnd> {
  const lastAt = fleet.clock.now() + limitMs;
  while (process.result === undefined && !process.lost) {
    const before = fleet.clock.now();
    if (before >= lastAt) return { kind: 'late' };
    await fleet.clock.pass(Math.min(process.endsAt, lastAt) - before, signal);
    if (signal.aborted) return { kind: 'stopped' };
    fleet.at(fleet.clock.now() === before ? process.endsAt : fleet.clock.now());
  }
  return process.result ? { kind: 'ended', result: process.result } : { kind: 'lost' };
}
