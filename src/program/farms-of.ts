import type { Bot } from '../bot/bot.ts';
import type { ZoneName } from '../domain/ids.ts';
import { poolHealth } from './pool-health.ts';
import type { Program } from './program.ts';

/** Which zones have a build system, and what those say. */
export function farmsOf(
  program: Program,
  report: (problem: unknown) => void,
): Pick<Bot, 'hasFarm' | 'outOfService'> {
  const hasFarm = (zone: ZoneName) =>
    program.configuration.settings.zones.get(zone)?.drivers.has('farm') ?? false;
  const outOfService = poolHealth({
    inventory: () => program.configuration.inventory,
    farmOf: (zone) => (hasFarm(zone) ? program.zone(zone).ports.farm : undefined),
    report,
  });
  return { hasFarm, outOfService };
}
