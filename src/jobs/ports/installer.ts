import type { HostName, ImageId, OpId } from '../../domain/ids.ts';

export interface Installation {
  readonly op: OpId;
  readonly image: ImageId;
  /** The proof of a new installation: only the installer receives it, and the new system shows it. */
  readonly nonce: string;
  readonly epoch: number;
}

/** Installs metal by a one-shot boot entry. Nothing waits armed: arm, read back and fire belong into one step. */
export interface Installer {
  /** Everything that can be checked without changing anything: image and installer at hand, a boot entry that will clear itself. Throws what is wrong. */
  check(host: HostName, image: ImageId, signal: AbortSignal): Promise<void>;
  /** Sets the one-shot entry, never the default. Twice for the same operation is harmless. */
  arm(host: HostName, installation: Installation, signal: AbortSignal): Promise<void>;
  /** The operation whose entry is armed, or undefined when none is. */
  armedFor(host: HostName, signal: AbortSignal): Promise<OpId | undefined>;
  /** Takes the entry back. Without one it does nothing. */
  disarm(host: HostName, signal: AbortSignal): Promise<void>;
  /** Restarts into the armed entry. A lost answer is an unknown effect. */
  fire(host: HostName, signal: AbortSignal): Promise<void>;
}

export interface InstallReport {
  readonly nonce: string;
  readonly image: string;
  /** The new public host key in OpenSSH's form (`ssh-ed25519 AAAA…`). */
  readonly hostKey: string;
}

/** Where installers report to. A report is kept with the nonce it carries; a foreign nonce is kept out. */
export interface InstallReports {
  /** Opens the one-time token of an operation; until `close`, the installer is handed out and its report is taken. Twice is harmless. */
  open(host: HostName, installation: Installation, signal: AbortSignal): Promise<void>;
  reportOf(op: OpId, host: HostName, signal: AbortSignal): Promise<InstallReport | undefined>;
  /** From now on "boot from disk". Twice is harmless. */
  close(op: OpId, host: HostName, signal: AbortSignal): Promise<void>;
}
