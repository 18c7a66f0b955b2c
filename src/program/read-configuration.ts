import {
  type LoadedConfiguration,
  loadConfiguration,
} from '../adapters/config/load-configuration.ts';
import { ConfigError, inReadingOrder } from '../adapters/config/problem.ts';
import type { SecretSource } from '../jobs/ports/secret-source.ts';
import type { Definitions } from './definitions.ts';
import { driverProblems } from './find-driver.ts';
import { networkProblems } from './network-problems.ts';
import { ruleProblems } from './rule-problems.ts';

/** The configuration, checked against itself and against what this installation can do. Throws a ConfigError. */
export async function readConfiguration(
  path: string,
  definitions: Definitions,
  secrets?: SecretSource,
): Promise<LoadedConfiguration> {
  const configuration = await loadConfiguration(path, secrets);
  const { settings } = configuration;
  const problems = [
    ...ruleProblems(configuration, definitions),
    ...driverProblems(settings, definitions.drivers),
    ...networkProblems(settings, definitions.networks),
  ];
  if (problems.length > 0) throw new ConfigError(inReadingOrder(problems));
  return configuration;
}
