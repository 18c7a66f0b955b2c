import { type Effect, Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';

export interface Refusal {
  readonly code: string;
  readonly because: string;
  readonly next: string;
  readonly effect?: Effect;
}

/** A guest that is not, or not yet, made anew. */
export function guestRefused(guest: HostName, { code, because, next, effect }: Refusal): Failure {
  const problem = `${guest} cannot be made anew`;
  return new Failure({ code, problem, because, effect: effect ?? 'none', next });
}

/** What libvirt or qemu-img printed is not what they promise. */
export function unreadable(guest: HostName, what: string, cause: unknown): Failure {
  const because = `${what}: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new Failure({
    code: 'hypervisor.unreadable',
    problem: `What the hypervisor says of ${guest} cannot be read`,
    because,
    effect: 'none',
    next: 'Nothing was changed. Look at it with virsh and qemu-img on the hypervisor.',
    cause,
  });
}

/** What a program complained about last. */
export function lastWords(output: string): string | undefined {
  return output.trim().split('\n').at(-1)?.trim() || undefined;
}
