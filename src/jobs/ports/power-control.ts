import type { HostName } from '../../domain/ids.ts';

/** `changing` is neither: the controller says that it is on its way. */
export type PowerState = 'on' | 'off' | 'changing';

/** Power of one machine through its management controller, whatever its system does. Implemented by Redfish and a simulator. */
export interface PowerControl {
  /** As the controller says. One answer may be stale: what counts on it reads twice. */
  state(host: HostName, signal: AbortSignal): Promise<PowerState>;
  /** Cuts the power without asking the system, and returns once that is accepted. Off already is no error. */
  off(host: HostName, signal: AbortSignal): Promise<void>;
  /** Returns once it is accepted. On already is no error. */
  on(host: HostName, signal: AbortSignal): Promise<void>;
}
