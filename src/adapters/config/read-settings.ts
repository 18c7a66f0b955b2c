import { resolve } from 'node:path';
import { EnvironmentName, type ZoneName } from '../../domain/ids.ts';
import { RISKS } from '../../domain/risk.ts';
import { DEFAULT_REMINDERS } from '../../jobs/model/reminders.ts';
import { whenceOf } from '../../policies/place.ts';
import type { ApprovalDemand, Rule } from '../../policies/rule.ts';
import type { Strength } from '../../policies/strength.ts';
import type { DriverPort } from '../driver.ts';
import { ldapParts } from './check-directories.ts';
import type { ConfigFile } from './config-file.ts';
import { type ConfigPart, entriesOf, inside, items, wholeOf } from './config-part.ts';
import { ldapSettingsFrom } from './ldap-settings-from.ts';
import type { Problem } from './problem.ts';
import { readPart } from './read-part.ts';
import { literalSecrets } from './secret-keys.ts';
import type { ChannelSettings, DriverSettings, Settings, ZoneSettings } from './settings.ts';
import {
  type AssuranceEntry,
  type FreezeEntry,
  type RuleEntry,
  SettingsFile,
} from './settings-schema.ts';

const DIRECTORY_CACHE_MS = 60_000;
const LINKS_LAST_MS = 180 * 24 * 60 * 60_000;

/** What signalbox.yaml says by itself; whether it fits the inventory and the people is checked later. */
export function readSettings(
  file: ConfigFile,
  folder: string,
  problems: Problem[],
): Settings | undefined {
  const whole = wholeOf(file);
  const read = readPart(whole, SettingsFile);
  const mayHold = [
    inside(whole, 'networks'),
    inside(whole, 'zones'),
    ...webhookUrls(whole),
    ...ldapParts(whole).map((each) => inside(each, 'servers')),
  ];
  const secrets = mayHold.flatMap(literalSecrets);
  problems.push(...(read.kind === 'refused' ? read.problems : []), ...secrets);
  return read.kind === 'read' ? settingsFrom(read.value, whole, folder) : undefined;
}

function settingsFrom(read: SettingsFile, whole: ConfigPart, folder: string): Settings {
  return {
    name: read.name,
    folder,
    store: { data: resolve(folder, read.store.data) },
    signing: signingFrom(read.signing, folder),
    audit: auditFrom(read.audit, folder),
    directory: directoryFrom(read.directory, folder),
    prefix: read.prefix,
    channels: (read.channels ?? []).map(channelFrom),
    reminders: remindersFrom(read.reminders),
    linksLastMs: read.identity?.['links-last'] ?? LINKS_LAST_MS,
    networks: new Map(
      entriesOf(inside(whole, 'networks')).map(({ key, part }) => [key, part] as const),
    ),
    zones: new Map(
      entriesOf(inside(whole, 'zones')).map(({ key, part }) => [key as ZoneName, zoneFrom(part)]),
    ),
    webhooks: read.reports?.webhooks ?? [],
    assurance: assuranceFrom(read.assurance),
    selfApproval: read['self-approval'] ?? [],
    freezes: (read.freezes ?? []).map((one, index) =>
      freezeFrom(one, inside(whole, 'freezes', index)),
    ),
    rules: (read.rules ?? []).map((rule, index) => ruleFrom(rule, inside(whole, 'rules', index))),
  };
}

/** The `secret` beside them is a name. */
function webhookUrls(whole: ConfigPart): ConfigPart[] {
  return items(inside(whole, 'reports', 'webhooks')).map((webhook) => inside(webhook, 'url'));
}

function signingFrom(read: SettingsFile['signing'], folder: string): Settings['signing'] {
  const { 'key-file': keyFile, trusted = [] } = read;
  return { trusted, ...(keyFile !== undefined && { keyFile: resolve(folder, keyFile) }) };
}

function auditFrom(read: SettingsFile['audit'], folder: string): Settings['audit'] {
  const { repository, 'keep-days': keepDays } = read;
  return {
    ...(repository !== undefined && { repository: resolve(folder, repository) }),
    ...(keepDays !== undefined && { keepDays }),
  };
}

const QUARANTINE_EVERY_MS = 24 * 60 * 60_000;

function directoryFrom(
  { ldap = [], cache = DIRECTORY_CACHE_MS }: SettingsFile['directory'] = {},
  folder: string,
): Settings['directory'] {
  return { ldap: ldap.map((each) => ldapSettingsFrom(each, folder)), cacheMs: cache };
}

function remindersFrom(read: SettingsFile['reminders'] = {}): Settings['reminders'] {
  const { afterMs, escalateAfterMs } = DEFAULT_REMINDERS;
  return {
    afterMs: read.after ?? afterMs,
    escalateAfterMs: read['escalate-after'] ?? escalateAfterMs,
    quarantineEveryMs: read.quarantine ?? QUARANTINE_EVERY_MS,
  };
}

type ReadChannel = NonNullable<SettingsFile['channels']>[number];

/** A channel for what nobody answers, or for what waits for approval, hears of nothing else, unless it says so. */
function channelFrom({
  network,
  channel,
  escalation,
  approvals,
  ...read
}: ReadChannel): ChannelSettings {
  const { watches = escalation || approvals ? [] : '*' } = read;
  const isAll = watches === '*' || watches.some((watched) => watched === '*');
  return {
    network,
    channel,
    watches: isAll ? '*' : (watches as ChannelSettings['watches']),
    ...(escalation && { escalation }),
    ...(approvals && { approvals }),
  };
}

function zoneFrom(zone: ConfigPart): ZoneSettings {
  return {
    drivers: new Map(
      entriesOf(inside(zone, 'drivers')).map(({ key, part }) => [key as DriverPort, driver(part)]),
    ),
  };
}

function driver(part: ConfigPart): DriverSettings {
  const { product, ...value } = part.value as { product: string };
  return { product, config: { ...part, value } };
}

/** Production is not approved from where anybody with an account speaks, unless the site says so. */
const CAREFUL: Strength['environments'] = new Map([
  [EnvironmentName.parse('production'), { approve: 'session' }],
]);

function assuranceFrom(read: AssuranceEntry = {}): Settings['assurance'] {
  const { ask = 'account', approve = 'account', environments = {} } = read;
  const named = Object.entries(environments) as [EnvironmentName, Partial<Strength['needed']>][];
  const all = new Map(CAREFUL);
  for (const [name, own] of named) all.set(name, { ...all.get(name), ...onlyGiven(own) });
  return { needed: { ask, approve }, environments: all };
}

function ruleFrom({ allow, on, from, to, approvals }: RuleEntry, part: ConfigPart): Rule {
  const demands = RISKS.flatMap((risk): [string, ApprovalDemand][] => {
    const demand = approvals[risk];
    return demand === undefined ? [] : [[risk, { count: demand.count, groups: demand.from ?? to }]];
  });
  return {
    place: placeOf(part),
    allow,
    on: onlyGiven(on) as Rule['on'],
    ...(from && { from: from.flatMap((text) => whenceOf(text) ?? []) }),
    to,
    approvals: Object.fromEntries(demands),
  };
}

function freezeFrom(
  { on, from, until, because, except }: FreezeEntry,
  part: ConfigPart,
): Settings['freezes'][number] {
  const { commands = [], groups = [] } = except;
  const set = { place: placeOf(part) };
  return { on, from, until, because, except: { commands, groups }, set };
}

function placeOf({ file, path }: ConfigPart): string {
  return `${file.name}:${file.position(path, 'value').line}`;
}

/** An absent dimension covers everything, so it must stay absent. */
function onlyGiven(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, words]) => words !== undefined));
}
