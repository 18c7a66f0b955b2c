import { readFile } from 'node:fs/promises';
import { rootMessage } from '../../domain/failure.ts';
import type { UserId } from '../../domain/ids.ts';
import type { Person } from '../../domain/inventory.ts';
import type { Directory, Freshness, Identified } from '../../policies/directory.ts';
import { type ConfigFile, configFile } from '../config/config-file.ts';
import { inside, wholeOf } from '../config/config-part.ts';
import { type People, readPeople } from '../config/people.ts';
import { formatProblem, type Path } from '../config/problem.ts';

export interface PeopleFile {
  readonly path: string;
  /** The part of the file that holds people; empty where it is the whole. */
  readonly under: Path;
  /** As it was read first, with what it said. */
  readonly file: ConfigFile;
  readonly people: People;
}

type Asked =
  | { readonly kind: 'people'; readonly people: People }
  | { readonly kind: 'unavailable'; readonly directory: string; readonly because: string };

/**
 * People from a file. `cached` answers from what was read last; `fresh` reads the file again, and is unavailable while
 * that cannot be done or what it says cannot be understood.
 */
export function fileDirectory({ path, under, file, people }: PeopleFile): Directory {
  let last = { text: file.text, people };
  const unavailable = (because: string): Asked => ({
    kind: 'unavailable',
    directory: file.name,
    because,
  });

  async function readAgain(): Promise<Asked> {
    // The text decides and not its time of change: two changes can happen within one tick of the file system's clock.
    const text = await readFile(path, 'utf8');
    if (text === last.text) return { kind: 'people', people: last.people };
    const read = readPeople(inside(wholeOf(configFile(file.name, text)), ...under));
    const [problem] = read.problems;
    if (read.people === undefined) {
      return unavailable(problem === undefined ? 'it says nothing' : formatProblem(problem));
    }
    last = { text, people: read.people };
    return { kind: 'people', people: read.people };
  }

  async function ask(freshness: Freshness): Promise<Asked> {
    if (freshness === 'cached') return { kind: 'people', people: last.people };
    return readAgain().catch((error: unknown) => unavailable(rootMessage(error)));
  }

  return {
    async identify(network, id, freshness) {
      const asked = await ask(freshness);
      if (asked.kind === 'unavailable') return asked;
      return theOneWho(asked.people.claimants(network, id), { network, id, file: file.name });
    },
    async person(id, freshness) {
      const asked = await ask(freshness);
      if (asked.kind === 'unavailable') return asked;
      const person = asked.people.byId.get(id);
      return person === undefined ? stranger(id, file.name) : { kind: 'person', person };
    },
  };
}

interface Claim {
  readonly network: string;
  readonly id: string;
  readonly file: string;
}

function theOneWho(claimants: readonly Person[], { network, id, file }: Claim): Identified {
  const [person, ...others] = claimants;
  if (person === undefined) {
    return {
      kind: 'nobody',
      because: `nobody in ${file} has ${network} "${id}"`,
      next: `add ${network}: ${JSON.stringify(id)} to a person in ${file}`,
    };
  }
  if (others.length === 0) return { kind: 'person', person };
  const names = claimants.map((each) => each.id).join(' and ');
  return {
    kind: 'nobody',
    because: `${network} "${id}" is claimed by ${names} in ${file}`,
    next: `leave it with one of them in ${file}`,
  };
}

function stranger(id: UserId, file: string): Identified {
  return {
    kind: 'nobody',
    because: `${file} has no person "${id}"`,
    next: `add "${id}" under people in ${file}`,
  };
}
