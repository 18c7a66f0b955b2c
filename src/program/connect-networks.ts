import { configFile } from '../adapters/config/config-file.ts';
import { wholeOf } from '../adapters/config/config-part.ts';
import { parsePart } from '../adapters/config/read-part.ts';
import type { NetworkDefinition, NetworkEnvironment } from '../adapters/network.ts';
import type { ChatNetwork } from '../bot/chat-network.ts';
import { Failure } from '../domain/failure.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import { completeLine } from './complete-line.ts';
import type { Program } from './program.ts';

/** The networks that the configuration has channels or settings for. */
export function connectNetworks(program: Program): readonly ChatNetwork[] {
  return networksOf(program).map(({ definition, config, environment }) =>
    definition.connect(config, environment, program.chatMemory(definition.name)),
  );
}

export interface ConfiguredNetwork {
  readonly definition: NetworkDefinition;
  /** As its own schema understands it. */
  readonly config: unknown;
  readonly environment: NetworkEnvironment;
}

/** Throws a ConfigError, or a Failure for a network that there is not. */
export function networksOf(program: Program): readonly ConfiguredNetwork[] {
  const { networks, channels } = program.configuration.settings;
  const wanted = new Set([...networks.keys(), ...channels.map(({ network }) => network)]);
  return [...wanted].map((network) => {
    const { definitions } = program;
    const definition = definitions.networks.find((candidate) => candidate.name === network);
    if (definition === undefined) throw unknownNetwork(network, definitions.networks);
    const part = networks.get(network) ?? wholeOf(configFile('signalbox.yaml', '{}'));
    const config = parsePart(part, definition.config);
    return { definition, config, environment: environmentOf(program, network) };
  });
}

function environmentOf(program: Program, network: string): NetworkEnvironment {
  const { configuration, secrets, redactor, log } = program;
  const { channels, name, store } = configuration.settings;
  return {
    name,
    get prefix() {
      return program.configuration.settings.prefix;
    },
    channels: channels.filter((one) => one.network === network).map(({ channel }) => channel),
    complete: (line) => completeLine(program, line),
    dataDir: store.data,
    secrets,
    log: (message) => log('warn', redactor.redact(`${network}: ${message}`)),
  };
}

function unknownNetwork(name: string, known: readonly { readonly name: string }[]): Failure {
  const names = known.map((network) => network.name);
  const near = nearestWord(name, names);
  return new Failure({
    code: 'network.unknown',
    problem: `there is no chat network ${name}`,
    because: near ? `the nearest is ${near}` : `there are ${names.join(', ')}`,
    effect: 'none',
    next: 'Correct the network in signalbox.yaml.',
  });
}
