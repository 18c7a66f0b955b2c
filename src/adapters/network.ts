import type * as z from 'zod';
import type { ChatNetwork } from '../bot/chat-network.ts';
import type { SecretSource } from '../jobs/ports/secret-source.ts';
import type { Assurance } from '../policies/assurance.ts';
import type { ChatMemory } from './chat-memory.ts';

/** What a chat network is given besides its own configuration. */
export interface NetworkEnvironment {
  /** The bot's name there. */
  readonly name: string;
  readonly prefix: string;
  /** Channels to be in. */
  readonly channels: readonly string[];
  /** What could stand at the end of a line, for networks with a prompt of their own. */
  readonly complete: (line: string) => {
    readonly start: number;
    readonly candidates: readonly string[];
  };
  /** Where it may keep what it needs between runs. */
  readonly dataDir: string;
  readonly secrets: SecretSource;
  readonly log: (message: string) => void;
}

/** A network is one file under `chat/` with a definition as its default export; main finds it there. */
export interface NetworkDefinition<Config = unknown> {
  /** The word in the configuration, e.g. `irc`. */
  readonly name: string;
  readonly config: z.ZodType<Config>;
  /** What it can prove about who speaks, and whether people may approve from there. */
  readonly assurance: Assurance;
  /** Makes no connection yet; `start` does. */
  connect(config: Config, environment: NetworkEnvironment, memory: ChatMemory): ChatNetwork;
  /** Whether the bot could talk there, in one line; says nothing there. Throws a Failure. */
  check?(config: Config, environment: NetworkEnvironment, signal: AbortSignal): Promise<string>;
}

export function defineNetwork<Config>(
  definition: NetworkDefinition<Config>,
): NetworkDefinition<Config> {
  return definition;
}
