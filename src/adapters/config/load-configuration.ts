import { basename, dirname, resolve } from 'node:path';
import type { Inventory } from '../../domain/inventory.ts';
import type { SecretSource } from '../../jobs/ports/secret-source.ts';
import type { BreakGlass } from '../../policies/break-glass.ts';
import type { Directory } from '../../policies/directory.ts';
import { type ConnectedLdap, connectDirectories } from '../directory/connect-directories.ts';
import { filePeople } from '../directory/file-people.ts';
import type { PeopleSource } from '../directory/people-source.ts';
import { buildInventory } from './build-inventory.ts';
import { ldapParts } from './check-directories.ts';
import { checkSettings } from './check-settings.ts';
import { type ConfigPart, inside, problemOf, wholeOf } from './config-part.ts';
import { type People, peoplePart, readPeople } from './people.ts';
import { ConfigError, inReadingOrder, type Problem } from './problem.ts';
import { readBreakGlass } from './read-break-glass.ts';
import { readYamlFile, readYamlFiles } from './read-file.ts';
import { readSettings } from './read-settings.ts';
import { readWhole } from './read-whole.ts';
import type { Settings } from './settings.ts';

export interface LoadedConfiguration {
  readonly settings: Settings;
  readonly inventory: Inventory;
  readonly directory: Directory;
  readonly breakGlass?: BreakGlass;
  /** The LDAP directories among what `directory` is made of. */
  readonly ldap: readonly ConnectedLdap[];
  /** signalbox.yaml as it was read: where the places are that messages name. */
  readonly whole: ConfigPart;
  /** People and groups as they were read. */
  readonly people: ConfigPart;
  /** Every file that was read, for watching and for backups. */
  readonly files: readonly string[];
}

const NO_SECRETS: SecretSource = {
  read: (name) => Promise.reject(new Error(`the secret ${name} is not read here`)),
};

/**
 * Reads signalbox.yaml with all it names and checks the parts against each other. Throws a ConfigError with every
 * problem of all files. To reload, call it again, and keep what is in use when it throws. Without secrets no LDAP
 * directory can be asked.
 */
export async function loadConfiguration(
  path: string,
  secrets: SecretSource = NO_SECRETS,
): Promise<LoadedConfiguration> {
  const whole = await readWhole(path, basename(path));
  const folder = dirname(resolve(path));
  const problems: Problem[] = [];
  const settings = readSettings(whole.file, folder, problems);
  const stock = await loadInventory(inside(whole, 'inventory'), folder, problems);
  const staff = await loadPeople(whole, resolve(path), problems);
  const glass = await readBreakGlass(whole, path, problems);
  problems.push(
    ...(settings === undefined ? [] : checkSettings(whole, { stock, people: staff?.people })),
  );
  if (problems.length > 0 || !settings || !stock || !staff)
    throw new ConfigError(inReadingOrder(problems));
  const files = new Set([resolve(path), ...stock.files, staff.path, ...(glass?.files ?? [])]);
  const { inventory } = stock;
  const connected = connectDirectories({ file: staff.source, ...settings.directory, secrets });
  const breakGlass = glass && { breakGlass: glass.breakGlass };
  const { part: people } = staff;
  return { settings, inventory, ...connected, ...breakGlass, whole, people, files: [...files] };
}

interface Stock {
  readonly inventory: Inventory;
  readonly groups: readonly ConfigPart[];
  readonly files: readonly string[];
}

/** Goes on where another part of the settings was refused, so that all problems are said at once. */
async function loadInventory(
  named: ConfigPart,
  folder: string,
  problems: Problem[],
): Promise<Stock | undefined> {
  if (typeof named.value !== 'string' || named.value === '') return undefined;
  const read = await readYamlFiles(resolve(folder, named.value), folder);
  if (read.kind === 'unreadable') {
    problems.push(problemOf(named, read.complaint));
    return undefined;
  }
  const built = buildInventory(read.files);
  if (built.kind === 'inventory') return { ...built, files: read.paths };
  problems.push(...built.problems);
  return undefined;
}

interface Staff {
  readonly people: People;
  /** Undefined where people come from LDAP alone. */
  readonly source: PeopleSource | undefined;
  readonly part: ConfigPart;
  readonly path: string;
}

async function loadPeople(
  whole: ConfigPart,
  path: string,
  problems: Problem[],
): Promise<Staff | undefined> {
  const named = peopleFileOf(whole);
  if (named === undefined) return staffHere(whole, path, problems);
  const read = await readYamlFile(resolve(dirname(path), String(named.value)), dirname(path));
  if (read.kind === 'file') return staffFrom(wholeOf(read.file), read.path, problems);
  problems.push(problemOf(named, read.complaint));
  return undefined;
}

/** `file: people.yaml` or `people: people.yaml`; otherwise the people stand in signalbox.yaml itself. */
function peopleFileOf(whole: ConfigPart): ConfigPart | undefined {
  const candidates = ['file', 'people'].map((key) => inside(whole, 'directory', key));
  return candidates.find(({ value }) => typeof value === 'string' && value !== '');
}

function staffHere(whole: ConfigPart, path: string, problems: Problem[]): Staff | undefined {
  const staff = staffFrom(peoplePart(whole.file, ['directory']), path, problems);
  const isElsewhere = ldapParts(whole).length > 0 && staff?.people.byId.size === 0;
  return staff && isElsewhere ? { ...staff, source: undefined } : staff;
}

function staffFrom(part: ConfigPart, path: string, problems: Problem[]): Staff | undefined {
  const { people, problems: found } = readPeople(part);
  problems.push(...found);
  if (people === undefined) return undefined;
  const source = filePeople({ path, under: part.path, file: part.file, people });
  return { people, part, path, source };
}
