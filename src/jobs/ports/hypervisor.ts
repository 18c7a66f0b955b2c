import type { HostName, ImageId } from '../../domain/ids.ts';
import type { Installation } from './installer.ts';

export interface GuestDefinition {
  /** The guest's own UUID and whatever else is needed to define it again, as the hypervisor wrote it. */
  readonly xml: string;
  readonly persistentDisks: readonly string[];
}

export type GuestState = 'absent' | 'off' | 'running';

/** Makes virtual hosts anew. Each call names the guest; the inventory says on which hypervisor it runs. */
export interface Hypervisor {
  /** Image and room at hand, persistent disks found. Changes nothing; throws what is wrong. */
  check(guest: HostName, image: ImageId, signal: AbortSignal): Promise<void>;
  state(guest: HostName, signal: AbortSignal): Promise<GuestState>;
  /** As it is now. A Failure when there is no such guest. */
  definition(guest: HostName, signal: AbortSignal): Promise<GuestDefinition>;
  /** The operation whose fresh disk the guest is defined with, or undefined. */
  builtFor(guest: HostName, signal: AbortSignal): Promise<string | undefined>;
  /** Stops and forgets the guest. Never removes a disk. Absent is no error. */
  undefine(guest: HostName, signal: AbortSignal): Promise<void>;
  /** A fresh root disk of the image; persistent disks stay as they are. The old root disk is kept until `discardOld`. */
  freshDisks(guest: HostName, installation: Installation, signal: AbortSignal): Promise<void>;
  define(guest: HostName, definition: GuestDefinition, signal: AbortSignal): Promise<void>;
  /** Running already is no error. */
  start(guest: HostName, signal: AbortSignal): Promise<void>;
  /** Drops the root disk that was kept for this operation. */
  discardOld(guest: HostName, signal: AbortSignal): Promise<void>;
}
