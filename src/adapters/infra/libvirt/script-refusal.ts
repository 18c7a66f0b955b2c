import type { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import { guestRefused } from './libvirt-failure.ts';

export interface ScriptRefusal {
  readonly code: string;
  readonly because: string;
}

/** Undefined where a script said something else. */
export function parseRefusal(line: string): ScriptRefusal | undefined {
  const [, code, because] = /^signalbox: (hypervisor\.[a-z-]+) (.*)$/.exec(line) ?? [];
  return code === undefined || because === undefined ? undefined : { code, because };
}

export function refusedByScript(
  { guest, hypervisor }: { readonly guest: HostName; readonly hypervisor: HostName },
  { code, because }: ScriptRefusal,
): Failure {
  const next = `Nothing was changed by this. Look at ${guest} on ${hypervisor}, then retry.`;
  return guestRefused(guest, { code, because, next });
}
