import type { HostName, OpId } from '../../domain/ids.ts';
import type { Downtime } from '../../jobs/ports/downtime.ts';

/** What a monitoring system knows of downtimes: until when each stands, by host and operation. */
export type DowntimeBoard = Map<HostName, Map<OpId, number>>;

/** The hook of one worker; several may share a board. */
export function simulatedDowntime(board: DowntimeBoard): Downtime {
  return {
    async begin(host, { op, until }) {
      const ofHost = board.get(host) ?? new Map<OpId, number>();
      board.set(host, ofHost.set(op, until));
    },
    async end(host, op) {
      board.get(host)?.delete(op);
    },
  };
}

/** Whether alerts about a host are kept back at a moment. */
export function isQuiet(board: DowntimeBoard, host: HostName, now: number): boolean {
  return [...(board.get(host)?.values() ?? [])].some((until) => until > now);
}
