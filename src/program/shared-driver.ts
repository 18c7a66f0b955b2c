import type { DriverSettings } from '../adapters/config/settings.ts';
import type { Connected } from '../adapters/driver.ts';

/** A driver that goes on through reloads as long as its part of the configuration stays as it is. */
export interface SharedDriver extends Connected<unknown> {
  readonly settings: DriverSettings;
  /** One more version of the zone's drivers has it. */
  acquire(): void;
  /** One fewer; it closes with the last one. Never rejects. */
  release(): Promise<void>;
}

export interface SharedDriverOptions {
  readonly settings: DriverSettings;
  readonly connected: Connected<unknown>;
  readonly closed: () => void;
  readonly report: (problem: unknown) => void;
}

export function sharedDriver(options: SharedDriverOptions): SharedDriver {
  const { settings, connected, closed, report } = options;
  let users = 0;
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= connected.close().finally(closed);
    return closing;
  };
  return {
    settings,
    port: connected.port,
    check: (signal) => connected.check(signal),
    close,
    acquire() {
      users += 1;
    },
    async release() {
      users -= 1;
      if (users === 0) await close().catch(report);
    },
  };
}
