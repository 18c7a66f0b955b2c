import { problemOf } from '../adapters/config/config-part.ts';
import { didYouMean } from '../adapters/config/did-you-mean.ts';
import { ConfigError, type Problem } from '../adapters/config/problem.ts';
import { parsePart } from '../adapters/config/read-part.ts';
import type { DriverSettings, Settings } from '../adapters/config/settings.ts';
import type { DriverDefinition, DriverPort } from '../adapters/driver.ts';

export interface FoundDriver {
  readonly definition: DriverDefinition;
  /** As its own schema understands it. */
  readonly config: unknown;
}

/** The driver that a zone names for a port, with its part of the configuration. Throws a ConfigError. */
export function findDriver(
  port: DriverPort,
  { product, config }: DriverSettings,
  definitions: readonly DriverDefinition[],
): FoundDriver {
  const candidates = definitions.filter((definition) => definition.port === port);
  const definition = candidates.find((candidate) => candidate.product === product);
  if (definition !== undefined) return { definition, config: parsePart(config, definition.config) };
  const products = candidates.map((candidate) => candidate.product);
  throw new ConfigError([
    problemOf(config, {
      message: `there is no ${port} driver "${product}"`,
      expected: products.join(' or '),
      next: didYouMean(product, products) ?? 'use one of these',
    }),
  ]);
}

/** What is wrong with the drivers of all zones, before any of them is made. */
export function driverProblems(
  { zones }: Settings,
  definitions: readonly DriverDefinition[],
): readonly Problem[] {
  const named = [...zones.values()].flatMap(({ drivers }) => [...drivers]);
  return named.flatMap(([port, settings]) => {
    try {
      findDriver(port, settings, definitions);
      return [];
    } catch (problem) {
      if (problem instanceof ConfigError) return problem.problems;
      throw problem;
    }
  });
}
