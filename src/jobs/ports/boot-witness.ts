import type { HostName } from '../../domain/ids.ts';

export interface InstalledMark {
  /** The image the running system was made from, e.g. `f43-builder@2026.11.18`. */
  readonly image: string;
  /** What only the installer of one operation was given. */
  readonly nonce: string;
}

/** What a running host says about itself. Undefined means that it does not answer, never that it said no. */
export interface BootWitness {
  /** The kernel's boot id: another one means that it was restarted in between. */
  bootId(host: HostName, signal: AbortSignal): Promise<string | undefined>;
  /** The mark that its installer left; `null` when the host answers and has none. */
  installed(host: HostName, signal: AbortSignal): Promise<InstalledMark | null | undefined>;
  /** Asks for a restart and returns once it is accepted, not once it is finished. */
  restart(host: HostName, signal: AbortSignal): Promise<void>;
}
