import type { HostName, ImageId } from '../../domain/ids.ts';
import type { Installation } from './installer.ts';

export interface GuestDefinition {
  /** The guest's own UUID and whatever else is needed to define it again, as the hypervisor wrote it; without secrets. */
  readonly xml: string;
  /** Disks that keep their content, as the guest's definition calls them, e.g. `vdb`. */
  readonly persistentDisks: readonly string[];
}

export type GuestState = 'absent' | 'off' | 'running';

/** Who acts on a guest. An older epoch than one that acted for the same operation is refused there, without effect. */
export type Fence = Pick<Installation, 'op' | 'epoch'>;

/**
 * Makes virtual hosts anew. Each call names the guest; the inventory says on which hypervisor it runs. What acts is
 * refused with `ssh.claim-superseded` (effect `none`) once a newer epoch has been there; a lost answer is an unknown effect.
 */
export interface Hypervisor {
  /** Image and room at hand, persistent disks found, the root disk told from them. Changes nothing of the guest; throws what is wrong. */
  check(guest: HostName, image: ImageId, signal: AbortSignal): Promise<void>;
  state(guest: HostName, signal: AbortSignal): Promise<GuestState>;
  /** As it is now. A Failure when there is no such guest, or when its root disk cannot be told from the persistent ones. */
  definition(guest: HostName, signal: AbortSignal): Promise<GuestDefinition>;
  /** The operation whose fresh disk the guest is defined with, or undefined. */
  builtFor(guest: HostName, signal: AbortSignal): Promise<string | undefined>;
  /** Stops and forgets the guest. Never removes a disk, nor what its firmware or TPM remembers. Absent is no error. */
  undefine(guest: HostName, fence: Fence, signal: AbortSignal): Promise<void>;
  /**
   * A fresh root disk of the image in the place that the definition names; persistent disks stay as they are. The old root
   * disk is kept until `discardOld`. Twice for the same installation is one effect; refused while the guest runs.
   */
  freshDisks(
    guest: HostName,
    definition: GuestDefinition,
    installation: Installation,
    signal: AbortSignal,
  ): Promise<void>;
  /** As it was, on the fresh disk of this installation, and refused without one. Defined already is no error. */
  define(
    guest: HostName,
    definition: GuestDefinition,
    installation: Installation,
    signal: AbortSignal,
  ): Promise<void>;
  /** Running already is no error. */
  start(guest: HostName, fence: Fence, signal: AbortSignal): Promise<void>;
  /**
   * Asks the guest to power off, and returns once it is asked: look at `state` until it is off. Off or absent already is no
   * error. A guest that does not listen goes on running.
   */
  shutDown(guest: HostName, fence: Fence, signal: AbortSignal): Promise<void>;
  /** Drops the root disk that was kept for this operation. Without one it does nothing. */
  discardOld(guest: HostName, fence: Fence, signal: AbortSignal): Promise<void>;
}
