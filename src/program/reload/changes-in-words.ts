import { isDeepStrictEqual } from 'node:util';
import { type ConfigPart, entriesOf, inside } from '../../adapters/config/config-part.ts';
import type { LoadedConfiguration } from '../../adapters/config/load-configuration.ts';
import type { Settings } from '../../adapters/config/settings.ts';
import { counted } from '../../bot/narrator/in-words.ts';

interface Difference {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

/** `2 hosts added, 1 rule changed; inventory a1b2c3 → d4e5f6` */
export function changesInWords(before: LoadedConfiguration, after: LoadedConfiguration): string {
  const changes = allChanges(before, after);
  const what = changes.length > 0 ? changes.join(', ') : 'nothing that counts has changed';
  return `${what}; ${inventoryInWords(before.inventory.revision, after.inventory.revision)}`;
}

/** Enough of a revision to tell two apart. */
export function shortRevision(revision: string): string {
  return revision.slice(0, 6);
}

function inventoryInWords(before: string, after: string): string {
  if (before === after) return `inventory ${shortRevision(after)}`;
  return `inventory ${shortRevision(before)} → ${shortRevision(after)}`;
}

function allChanges(before: LoadedConfiguration, after: LoadedConfiguration): readonly string[] {
  const both = [before, after] as const;
  const of = <Value>(part: (one: LoadedConfiguration) => ReadonlyMap<string, Value>) =>
    ofMaps(...(both.map(part) as [ReadonlyMap<string, Value>, ReadonlyMap<string, Value>]));
  const { prefix: was } = before.settings;
  const { prefix: is } = after.settings;
  return [
    ...inWords(
      'host',
      of(({ inventory }) => inventory.hosts),
    ),
    ...inWords(
      'pool',
      of(({ inventory }) => inventory.pools),
    ),
    ...inWords(
      'image',
      of(({ inventory }) => inventory.images),
    ),
    ...inWords('rule', ofLists(rulesOf(before.settings), rulesOf(after.settings))),
    ...inWords('freeze', ofLists(freezesOf(before.settings), freezesOf(after.settings))),
    ...inWords(
      'person',
      of(({ people }) => personsOf(people)),
      'people',
    ),
    ...inWords(
      'directory',
      of(({ settings }) => new Map(settings.directory.ldap.map((one) => [one.name, one]))),
      'directories',
    ),
    ...inWords(
      'channel',
      of(({ settings }) => channelsOf(settings)),
    ),
    ...inWords(
      'driver',
      of(({ settings }) => driversOf(settings)),
    ),
    ...inWords(
      'webhook',
      of(
        ({ settings }) => new Map(settings.webhooks.map((one) => [one.name, JSON.stringify(one)])),
      ),
    ),
    ...(was === is ? [] : [`prefix ${was} → ${is}`]),
    ...(isDeepStrictEqual(before.settings.reminders, after.settings.reminders)
      ? []
      : ['reminders changed']),
    ...(isDeepStrictEqual(before.breakGlass, after.breakGlass) ? [] : ['break-glass changed']),
  ];
}

function inWords(
  thing: string,
  { added, removed, changed }: Difference,
  several = `${thing}s`,
): readonly string[] {
  const named = (count: number) => (count === 1 ? counted(count, thing) : `${count} ${several}`);
  const parts = Object.entries({ added, removed, changed });
  return parts.flatMap(([how, count]) => (count > 0 ? [`${named(count)} ${how}`] : []));
}

function ofMaps(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): Difference {
  const shared = [...before.keys()].filter((key) => after.has(key));
  const changed = shared.filter((key) => !isDeepStrictEqual(before.get(key), after.get(key)));
  return {
    added: after.size - shared.length,
    removed: before.size - shared.length,
    changed: changed.length,
  };
}

/** What has no name of its own: one that went and one that came are one that changed. */
function ofLists(before: readonly string[], after: readonly string[]): Difference {
  const [gone, come] = [without(before, after), without(after, before)];
  const changed = Math.min(gone, come);
  return { added: come - changed, removed: gone - changed, changed };
}

function without(some: readonly string[], others: readonly string[]): number {
  const left = [...others];
  return some.filter((one) => {
    const place = left.indexOf(one);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  }).length;
}

/** Where a rule stands makes no difference. */
function rulesOf({ rules }: Settings): readonly string[] {
  return rules.map(({ place: _, ...rule }) => JSON.stringify(rule));
}

function freezesOf({ freezes }: Settings): readonly string[] {
  return freezes.map(({ set: _, ...freeze }) => JSON.stringify(freeze));
}

function channelsOf({ channels }: Settings): ReadonlyMap<string, unknown> {
  return new Map(channels.map(({ network, channel, ...rest }) => [`${network} ${channel}`, rest]));
}

function driversOf({ zones }: Settings): ReadonlyMap<string, unknown> {
  const named = [...zones].flatMap(([zone, { drivers }]) =>
    [...drivers].map(([port, { product, config }]) => {
      return [`${zone} ${port}`, [product, config.value]] as const;
    }),
  );
  return new Map(named);
}

/** Each with the ids that networks give to them, and their groups. */
function personsOf(people: ConfigPart): ReadonlyMap<string, unknown> {
  const groups = entriesOf(inside(people, 'groups'));
  const groupsOf = (id: string) =>
    groups
      .filter(({ part }) => Array.isArray(part.value) && part.value.includes(id))
      .map(({ key }) => key);
  const persons = entriesOf(inside(people, 'people'));
  return new Map(persons.map(({ key, part }) => [key, [part.value, groupsOf(key)]]));
}
