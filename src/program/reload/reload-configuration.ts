import type { LoadedConfiguration } from '../../adapters/config/load-configuration.ts';
import { ConfigError, formatProblem, inReadingOrder } from '../../adapters/config/problem.ts';
import type { ZoneSettings } from '../../adapters/config/settings.ts';
import type { Reloaded } from '../../bot/reloading.ts';
import { Failure } from '../../domain/failure.ts';
import type { ZoneName } from '../../domain/ids.ts';
import type { Journal } from '../../jobs/journal/journal.ts';
import type { PreparedZone, ZoneConnection } from '../connect-zone.ts';
import { changesInWords } from './changes-in-words.ts';
import { needsRestart } from './needs-restart.ts';
import { lossesBetween, takenAway } from './taken-away.ts';

export interface ReloadOptions {
  /** Reads and checks; throws a ConfigError. */
  readonly read: () => Promise<LoadedConfiguration>;
  readonly current: () => LoadedConfiguration;
  readonly replace: (next: LoadedConfiguration) => void;
  /** Zones whose drivers this process has. */
  readonly connected: () => ReadonlyMap<ZoneName, ZoneConnection>;
  /** Whether this process answers for a zone; it may have no right to read the claims of others. */
  readonly answersFor: (zone: ZoneName) => boolean;
  readonly journal: Pick<Journal, 'claims'>;
  readonly redact: (text: string) => string;
}

/**
 * Reads everything again and takes it as a whole, or nothing of it. It is refused as well where it would take something
 * from under an operation that is under way, and when that cannot be found out.
 */
export async function reloadConfiguration(options: ReloadOptions): Promise<Reloaded> {
  const before = options.current();
  try {
    const next = await options.read();
    await refuseUnlessFits(before, next, options);
    const prepared = prepareZones(next, options.connected());
    options.replace(next);
    for (const zone of prepared) zone.replace();
    return { kind: 'taken', what: changesInWords(before, next) };
  } catch (problem) {
    return { kind: 'refused', problems: problemLines(problem).map(options.redact) };
  }
}

async function refuseUnlessFits(
  before: LoadedConfiguration,
  next: LoadedConfiguration,
  { answersFor, journal }: ReloadOptions,
): Promise<void> {
  const losses = lossesBetween(before, next).filter(({ zone }) => answersFor(zone));
  const zones = new Set(losses.map(({ zone }) => zone));
  const held = [...zones].map(async (zone) => [zone, (await journal.claims(zone)).held] as const);
  const heldIn = new Map(await Promise.all(held));
  const problems = [...needsRestart(before, next), ...takenAway(losses, heldIn, next)];
  if (problems.length > 0) throw new ConfigError(inReadingOrder(problems));
}

const NO_DRIVERS: ZoneSettings = { drivers: new Map() };

function prepareZones(
  { settings }: LoadedConfiguration,
  connected: ReadonlyMap<ZoneName, ZoneConnection>,
): readonly PreparedZone[] {
  const prepared: PreparedZone[] = [];
  try {
    for (const [name, zone] of connected) {
      prepared.push(zone.prepare(settings.zones.get(name) ?? NO_DRIVERS));
    }
    return prepared;
  } catch (problem) {
    for (const zone of prepared) zone.discard();
    throw problem;
  }
}

function problemLines(problem: unknown): readonly string[] {
  if (problem instanceof ConfigError) return problem.problems.map(formatProblem);
  if (problem instanceof Failure) return [`${problem.message}. ${problem.next}`];
  throw problem;
}
