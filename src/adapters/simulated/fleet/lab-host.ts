import type { GuestDefinition } from '../../../jobs/ports/hypervisor.ts';
import type { Installation } from '../../../jobs/ports/installer.ts';
import type { HostKeyPair } from './host-key-pair.ts';

export type HostState =
  | 'running'
  /** On its way down, and then up again. */
  | 'shutting-down'
  /** On its way down, to stay there. */
  | 'powering-off'
  | 'off'
  | 'booting'
  | 'installing'
  | 'booting-installed'
  /** The installer gave up: on, and never coming back by itself. */
  | 'dead';

export interface LabFile {
  readonly content: Buffer;
  readonly mode: string;
  readonly owner: string;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command on its way. It has a result once its time has come, or is lost when the host went down before. */
export interface LabProcess {
  readonly endsAt: number;
  readonly finish: () => CommandResult;
  result?: CommandResult;
  lost: boolean;
}

export interface LabClaim {
  readonly bootId: string | undefined;
  readonly process: LabProcess;
}

/** What is on a root disk. */
export interface LabSystem {
  readonly image: string;
  readonly hostKey: HostKeyPair;
  readonly files: Map<string, LabFile>;
  readonly services: Set<string>;
  /** Units that start when it boots. */
  readonly enabled: Set<string>;
  readonly claims: Map<string, LabClaim>;
  /** The newest epoch seen for each operation. */
  readonly epochs: Map<string, number>;
}

interface LabDisk {
  readonly name: string;
  readonly persistent: boolean;
  /** Tells whether this is still the same disk with the same content. */
  content: string;
}

/** A virtual host as its hypervisor knows it. */
export interface LabGuest {
  definition: GuestDefinition | undefined;
  /** The installation its root disk was made for and has not been booted from yet. */
  fresh: Installation | undefined;
  builtFor: string | undefined;
  /** The old root disk, kept until it is discarded. */
  keptRoot: LabSystem | undefined;
  /** The newest epoch that acted on it for each operation. */
  readonly epochs: Map<string, number>;
}

export interface LabHost {
  readonly name: string;
  readonly kind: 'metal' | 'virtual';
  readonly architecture: string;
  readonly hypervisor: string | undefined;
  readonly disks: readonly LabDisk[];
  readonly guest: LabGuest;
  state: HostState;
  /** When the state ends by itself; undefined when it does not. */
  until: number | undefined;
  bootId: string | undefined;
  bootedAt: number;
  system: LabSystem;
  /** The one-shot boot entry. */
  armed: Installation | undefined;
  /** What the installer at work was given. */
  installing: Installation | undefined;
  processes: LabProcess[];
  /** Since when kojid checks in; undefined while it does not. */
  kojidSince: number | undefined;
}

/** Whether its SSH server is there: a host that shuts down still answers until it is down. */
export function answers(host: LabHost): boolean {
  return ['running', 'shutting-down', 'powering-off'].includes(host.state);
}
