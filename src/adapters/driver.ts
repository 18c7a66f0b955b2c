import type * as z from 'zod';
import type { ZoneName } from '../domain/ids.ts';
import type { Downtime } from '../jobs/ports/downtime.ts';
import type { HostKeys } from '../jobs/ports/host-keys.ts';
import type { InventorySource, Ports } from '../jobs/ports/ports.ts';
import type { RemoteShell } from '../jobs/ports/remote-shell.ts';
import type { SecretSource } from '../jobs/ports/secret-source.ts';
import type { InstallTokens } from './infra/install-server/install-tokens.ts';

/** What a driver is given besides its own configuration. */
export interface DriverEnvironment {
  readonly zone: ZoneName;
  readonly inventory: InventorySource;
  readonly hostKeys: HostKeys;
  readonly secrets: SecretSource;
  /** The zone's one-time tokens of the install server; absent where there is no store. */
  readonly installTokens?: InstallTokens;
  /** The zone's shell, for drivers that act through one. Asked for when it is used, never while connecting. */
  shell(): RemoteShell;
}

export interface Connected<Port> {
  readonly port: Port;
  /** One line about what answered, for `signalbox check`; throws a Failure when it does not. Reads only. */
  check(signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

/** What drivers serve: most of what a step acts with, and what the engine does around an operation. */
export interface DriverPorts extends Omit<Ports, 'inventory' | 'hostKeys' | 'secrets'> {
  readonly downtime: Downtime;
}
export type DriverPort = keyof DriverPorts;

/** A driver is one file under `infra/` with a definition as its default export; main finds it there. */
export interface DriverDefinition<Port extends DriverPort = DriverPort, Config = unknown> {
  readonly port: Port;
  /** The word in the configuration, e.g. `koji`. */
  readonly product: string;
  readonly config: z.ZodType<Config>;
  /** Makes no connection yet: what is down must not keep the rest from starting. */
  connect(
    config: Config,
    environment: DriverEnvironment,
  ): Connected<NonNullable<DriverPorts[Port]>>;
}

export function defineDriver<Port extends DriverPort, Config>(
  definition: DriverDefinition<Port, Config>,
): DriverDefinition<Port, Config> {
  return definition;
}
