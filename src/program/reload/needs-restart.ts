import { isDeepStrictEqual } from 'node:util';
import type { LoadedConfiguration } from '../../adapters/config/load-configuration.ts';
import type { Path, Problem } from '../../adapters/config/problem.ts';
import type { DriverSettings, Settings } from '../../adapters/config/settings.ts';
import type { ZoneName } from '../../domain/ids.ts';

/** What another version changes that a running process holds on to, such as its store and its chat networks. */
export function needsRestart(
  before: LoadedConfiguration,
  { settings, whole }: LoadedConfiguration,
): readonly Problem[] {
  return changedForGood(before.settings, settings).map(({ what, path }) =>
    whole.file.problem(path, {
      message: `${what} cannot change while signalbox runs`,
      next: 'put it back, or restart signalbox to take it',
    }),
  );
}

interface Change {
  readonly what: string;
  readonly path: Path;
}

function changedForGood(before: Settings, after: Settings): readonly Change[] {
  const single: readonly (Change & { readonly of: (settings: Settings) => unknown })[] = [
    { what: 'the name', path: ['name'], of: ({ name }) => name },
    { what: "the store's folder", path: ['store', 'data'], of: ({ store }) => store.data },
    { what: 'who signs and who is trusted', path: ['signing'], of: signingOf },
    { what: 'audit', path: ['audit'], of: ({ audit }) => audit },
    { what: 'the list of channels', path: ['channels'], of: placesOf },
    { what: 'the list of webhooks', path: ['reports', 'webhooks'], of: webhooksOf },
  ];
  return [
    ...single.filter(({ of }) => !isDeepStrictEqual(of(before), of(after))),
    ...changedNetworks(before, after),
    ...changedInstallServers(before, after),
  ];
}

function signingOf({ signing }: Settings): unknown {
  return [signing.keyFile, signing.trusted.map(({ text }) => text)];
}

/** Which channels there are; what each watches may change. */
function placesOf({ channels }: Settings): unknown {
  return channels.map(({ network, channel }) => [network, channel]);
}

/** Which webhooks there are; where each posts to may change. */
function webhooksOf({ webhooks }: Settings): unknown {
  return webhooks.map(({ name }) => name);
}

function changedNetworks(before: Settings, after: Settings): readonly Change[] {
  const names = new Set([...before.networks.keys(), ...after.networks.keys()]);
  const changed = [...names].filter(
    (name) =>
      !isDeepStrictEqual(before.networks.get(name)?.value, after.networks.get(name)?.value) ||
      before.networks.has(name) !== after.networks.has(name),
  );
  return changed.map((name) => ({ what: `network "${name}"`, path: ['networks', name] }));
}

/** The bot listens for installers at its address. */
function changedInstallServers(before: Settings, after: Settings): readonly Change[] {
  const zones = new Set([...before.zones.keys(), ...after.zones.keys()]);
  const changed = [...zones].filter(
    (zone) => !isDeepStrictEqual(installServer(before, zone), installServer(after, zone)),
  );
  return changed.map((zone) => ({
    what: `the install server of ${zone}`,
    path: ['zones', zone, 'drivers', 'reports'],
  }));
}

function installServer({ zones }: Settings, zone: ZoneName): unknown {
  const reports: DriverSettings | undefined = zones.get(zone)?.drivers.get('reports');
  return reports?.product === 'install-server' ? reports.config.value : undefined;
}
