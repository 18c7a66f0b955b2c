import type { Builder } from '../../ports/build-farm.ts';

/** Whether a builder takes work and has checked in after `since`: the hub's time when it last had before, null if never. */
export function hasCheckedIn({ ready, checkedInAt }: Builder, since: number | null): boolean {
  return ready && (checkedInAt ?? 0) > (since ?? 0);
}
