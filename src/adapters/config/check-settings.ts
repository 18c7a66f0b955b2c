import type { Inventory } from '../../domain/inventory.ts';
import { parseMoment } from '../../domain/moment.ts';
import { TERMINAL } from '../../policies/assurance.ts';
import { EVERYTHING } from '../../policies/freezes.ts';
import { whenceOf } from '../../policies/place.ts';
import { checkDirectories, ldapGroups } from './check-directories.ts';
import { type ConfigPart, entriesOf, inside, items, problemOf } from './config-part.ts';
import { type KnownWords, knownWords } from './did-you-mean.ts';
import type { People } from './people.ts';
import type { Problem } from './problem.ts';
import { repeatedNames } from './repeated-names.ts';

/** What settings may name. Absent where it could not be read, and then nothing is said about it. */
export interface Surroundings {
  /** The inventory, and where it names groups of people. */
  readonly stock:
    | { readonly inventory: Inventory; readonly groups: readonly ConfigPart[] }
    | undefined;
  readonly people: People | undefined;
}

/** Every zone, pool, image, environment, host, network and group that the settings name exists. */
export function checkSettings(whole: ConfigPart, { stock, people }: Surroundings): Problem[] {
  return [
    ...unknownNetworks(whole),
    ...webhooksOfOneName(whole),
    ...nobodyToTell(whole),
    ...checkDirectories(whole, people),
    ...freezesThatEndTooSoon(whole),
    ...(stock === undefined ? [] : outsideInventory(whole, stock.inventory)),
    ...(people === undefined ? [] : outsidePeople(whole, people, stock?.groups ?? [])),
  ];
}

function unknownNetworks(whole: ConfigPart): Problem[] {
  const configured = entriesOf(inside(whole, 'networks')).map(({ key }) => key);
  const networks = knownWords(['console', ...configured], {
    what: 'network',
    otherwise: 'add it under networks',
  });
  const used = items(inside(whole, 'channels')).map((channel) => inside(channel, 'network'));
  return [...unknownAmong(used, networks), ...unknownPlaces(whole, networks)];
}

/** A rule for what is asked from a network that nobody can speak on grants nothing. */
function unknownPlaces(whole: ConfigPart, networks: KnownWords): Problem[] {
  const places = items(inside(whole, 'rules')).flatMap((rule) => items(inside(rule, 'from')));
  return places.flatMap((part) => {
    const network = whenceOf(String(part.value))?.network;
    if (network === undefined || network === TERMINAL.network || networks.has(network)) return [];
    return [problemOf(part, networks.complaint(network))];
  });
}

function nobodyToTell(whole: ConfigPart): Problem[] {
  const after = inside(whole, 'reminders', 'escalate-after');
  const channels = items(inside(whole, 'channels'));
  const isHeard = channels.some((channel) => inside(channel, 'escalation').value === true);
  if (after.value === undefined || isHeard) return [];
  return [
    problemOf(after, {
      at: 'key',
      message: 'no channel hears of what nobody answers',
      expected: 'a channel with escalation: true',
      next: 'add escalation: true to a channel, or remove this',
    }),
  ];
}

function freezesThatEndTooSoon(whole: ConfigPart): Problem[] {
  const at = (part: ConfigPart) => parseMoment(String(part.value)) ?? Number.NaN;
  return items(inside(whole, 'freezes'))
    .filter((freeze) => at(inside(freeze, 'until')) <= at(inside(freeze, 'from')))
    .map((freeze) =>
      problemOf(inside(freeze, 'until'), {
        message: `the freeze ends at ${inside(freeze, 'until').value}, before it begins`,
        expected: `a moment after ${inside(freeze, 'from').value}`,
        next: 'correct from or until',
      }),
    );
}

/** Where each got to is remembered by its name. */
function webhooksOfOneName(whole: ConfigPart): Problem[] {
  const names = items(inside(whole, 'reports', 'webhooks')).map((each) => inside(each, 'name'));
  return repeatedNames(names, { one: 'webhook', several: 'webhooks' });
}

function outsideInventory(whole: ConfigPart, inventory: Inventory): Problem[] {
  const hosts = [...inventory.hosts.values()];
  const poolWords = { what: 'pool', otherwise: 'add it under pools of the inventory' };
  const pools = knownWords(inventory.pools.keys(), poolWords);
  const watchable = knownWords([...inventory.pools.keys(), ...inventory.services.keys(), '*'], {
    what: 'pool or service',
    otherwise: 'add it under pools or services of the inventory',
  });
  const environments = knownWords(
    hosts.map(({ environment }) => environment),
    { what: 'environment', otherwise: 'give it to a host of the inventory' },
  );
  const images = knownWords(
    [...inventory.images.values()].map(({ name }) => name),
    { what: 'image', otherwise: 'add it under images of the inventory' },
  );
  const services = knownWords(inventory.services.keys(), {
    what: 'service',
    otherwise: 'add it under services of the inventory',
  });
  const channels = items(inside(whole, 'channels'));
  const grants = [...items(inside(whole, 'rules')), ...items(inside(whole, 'break-glass'))];
  const scopes = grants.map((rule) => inside(rule, 'on'));
  const frozen = items(inside(whole, 'freezes')).map((freeze) => inside(freeze, 'on'));
  const freezable = knownWords(
    [...new Set(hosts.flatMap(({ zone, environment }) => [zone, environment])), EVERYTHING],
    { what: 'zone or environment', otherwise: 'name one that a host of the inventory is in' },
  );
  const named = (key: string) => scopes.flatMap((scope) => items(inside(scope, key)));
  return [
    ...unusedZones(whole, inventory),
    ...unknownAmong(
      channels.flatMap((channel) => items(inside(channel, 'watches'))),
      watchable,
    ),
    ...unknownAmong(frozen, freezable),
    ...unknownAmong(named('environments'), environments),
    ...unknownKeys(inside(whole, 'assurance', 'environments'), environments),
    ...unknownAmong(named('pools'), pools),
    ...idlePatterns(named('hosts'), inventory),
    ...unknownAmong(named('images'), images),
    ...unknownAmong(named('services'), services),
  ];
}

/** A zone without drivers needs no entry, but an entry that no host uses is a mistake. */
function unusedZones(whole: ConfigPart, { hosts }: Inventory): Problem[] {
  const zones = knownWords(
    [...hosts.values()].map(({ zone }) => zone),
    { what: 'zone', otherwise: 'remove it, or give it to a host of the inventory' },
  );
  return entriesOf(inside(whole, 'zones')).flatMap(({ key, part }) =>
    zones.has(key)
      ? []
      : [
          problemOf(part, {
            at: 'key',
            ...zones.complaint(key),
            message: `no host is in zone "${key}"`,
          }),
        ],
  );
}

function unknownKeys(map: ConfigPart, known: KnownWords): Problem[] {
  return entriesOf(map).flatMap(({ key, part }) =>
    known.has(key) ? [] : [problemOf(part, { at: 'key', ...known.complaint(key) })],
  );
}

function idlePatterns(patterns: readonly ConfigPart[], { hosts }: Inventory): Problem[] {
  const names = [...hosts.keys()];
  const patternsInUse = names.map((name) => name.replace(/\d+/g, '*'));
  const words = knownWords([...names, ...patternsInUse], {
    what: 'host',
    otherwise: 'write a pattern that matches a host of the inventory',
  });
  return patterns.flatMap((part) => {
    const pattern = String(part.value);
    const isUsed = names.some((name) => matches(pattern, name));
    const message = `no host matches "${pattern}"`;
    return isUsed ? [] : [problemOf(part, { ...words.complaint(pattern), message })];
  });
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}

function outsidePeople(
  whole: ConfigPart,
  people: People,
  inInventory: readonly ConfigPart[],
): Problem[] {
  const groups = knownWords([...people.groups.keys(), ...ldapGroups(whole)], {
    what: 'group',
    otherwise: 'add it under groups of the people file',
  });
  const rules = items(inside(whole, 'rules'));
  const demands = rules.flatMap((rule) =>
    entriesOf(inside(rule, 'approvals')).map(({ part }) => ({ part, to: inside(rule, 'to') })),
  );
  const persons = knownWords(people.byId.keys(), {
    what: 'person',
    otherwise: 'add them under people of the people file',
  });
  return [
    ...unknownAmong(items(inside(whole, 'self-approval')), persons),
    ...unknownAmong(
      rules.flatMap((rule) => items(inside(rule, 'to'))),
      groups,
    ),
    ...unknownAmong(
      demands.flatMap(({ part }) => items(inside(part, 'from'))),
      groups,
    ),
    ...unknownAmong(exemptGroups(whole), groups),
    ...demands.flatMap(({ part, to }) => tooFewPeople(part, to, people)),
    ...unknownAmong(inInventory, groups),
  ];
}

function exemptGroups(whole: ConfigPart): ConfigPart[] {
  return items(inside(whole, 'freezes')).flatMap((freeze) =>
    items(inside(freeze, 'except', 'groups')),
  );
}

/** An approval that takes more people than there are could never be given. */
function tooFewPeople(demand: ConfigPart, to: ConfigPart, { groups }: People): Problem[] {
  const from = inside(demand, 'from');
  const named = items(from.value === undefined ? to : from).map(({ value }) => String(value));
  const known = [...groups].filter(([group]) => named.includes(group));
  const count = inside(demand, 'count');
  const able = new Set(known.flatMap(([, members]) => members));
  if (known.length < named.length || able.size >= Number(count.value ?? 1)) return [];
  const place = count.value === undefined ? demand : count;
  return [
    problemOf(place, {
      message: `${count.value ?? 1} approvals are demanded of ${named.join(', ')} with ${able.size} in all`,
      expected: 'as many people as approvals',
      next: 'demand fewer, or name more groups under from',
    }),
  ];
}

function unknownAmong(parts: readonly ConfigPart[], known: KnownWords): Problem[] {
  return parts.flatMap((part) =>
    known.has(String(part.value)) ? [] : [problemOf(part, known.complaint(String(part.value)))],
  );
}
