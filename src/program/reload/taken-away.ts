import type { LoadedConfiguration } from '../../adapters/config/load-configuration.ts';
import type { Path, Problem } from '../../adapters/config/problem.ts';
import type { HostName, OpId, ZoneName } from '../../domain/ids.ts';
import type { Host } from '../../domain/inventory.ts';
import type { HeldClaim } from '../../jobs/journal/journal.ts';

/** Something that operations stand on and that another version no longer has, or has elsewhere. */
export interface Loss {
  readonly zone: ZoneName;
  /** Absent when it concerns everything in the zone. */
  readonly host?: HostName;
  readonly what: string;
  /** Where that is to be mended in signalbox.yaml. */
  readonly path: Path;
}

/** What a step acts on and by which name; its addresses and its image may change under an operation. */
const STAYS = {
  zone: 'zone',
  kind: 'kind',
  buildName: 'name in the build system',
  hypervisor: 'hypervisor',
  bmc: 'BMC',
} as const satisfies Partial<Record<keyof Host, string>>;

export function lossesBetween(
  before: LoadedConfiguration,
  after: LoadedConfiguration,
): readonly Loss[] {
  return [...lostHosts(before, after), ...lostDrivers(before, after)];
}

/** Those that an operation stands on which is under way now. */
export function takenAway(
  losses: readonly Loss[],
  heldIn: ReadonlyMap<ZoneName, readonly HeldClaim[]>,
  { whole, settings }: LoadedConfiguration,
): readonly Problem[] {
  return losses.flatMap((loss) => {
    const op = holderOf(loss, heldIn.get(loss.zone) ?? []);
    if (op === undefined) return [];
    return [
      whole.file.problem(loss.path, {
        message: `${loss.what}, and ${op} is under way there`,
        next: `put it back until ${op} is over; ${settings.prefix}show ${op} says how far it is`,
      }),
    ];
  });
}

function lostHosts(
  { inventory }: LoadedConfiguration,
  after: LoadedConfiguration,
): readonly Loss[] {
  const path = ['inventory'];
  return [...inventory.hosts.values()].flatMap((host): readonly Loss[] => {
    const { name, zone } = host;
    const now = after.inventory.hosts.get(name);
    if (now === undefined) {
      return [{ zone, host: name, path, what: `${name} is gone from the inventory` }];
    }
    const moved = (Object.keys(STAYS) as (keyof typeof STAYS)[]).filter(
      (key) => host[key] !== now[key],
    );
    return moved.map((key) => ({
      zone,
      host: name,
      path,
      what: `${name} has another ${STAYS[key]}`,
    }));
  });
}

function lostDrivers(
  { settings }: LoadedConfiguration,
  after: LoadedConfiguration,
): readonly Loss[] {
  return [...settings.zones].flatMap(([zone, { drivers }]) => {
    const now = after.settings.zones.get(zone)?.drivers;
    const path = ['zones', zone, 'drivers'];
    const lost = [...drivers.keys()].filter((port) => !now?.has(port));
    return lost.map((port) => ({ zone, path, what: `${zone} has no ${port} any more` }));
  });
}

function holderOf({ host }: Loss, held: readonly HeldClaim[]): OpId | undefined {
  const concerned = held.filter(({ claim }) => host === undefined || isOn(claim, host));
  return concerned.find(({ op }) => op !== undefined)?.op;
}

function isOn(claim: HeldClaim['claim'], host: HostName): boolean {
  if (claim.kind === 'lock') return claim.key === `host/${host}`;
  return 'host' in claim && claim.host === host;
}
