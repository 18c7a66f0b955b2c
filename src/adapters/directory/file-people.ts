import { readFileSync } from 'node:fs';
import { rootMessage } from '../../domain/failure.ts';
import type { Person } from '../../domain/inventory.ts';
import type { Freshness } from '../../policies/directory.ts';
import { type ConfigFile, configFile } from '../config/config-file.ts';
import { type People, peoplePart, readPeople } from '../config/people.ts';
import { formatProblem, type Path } from '../config/problem.ts';
import { DirectoryUnavailable, type KnownPerson, type PeopleSource } from './people-source.ts';

export interface PeopleFile {
  readonly path: string;
  /** The part of the file that holds people; empty where it is the whole. */
  readonly under: Path;
  /** As it was read first, with what it said. */
  readonly file: ConfigFile;
  readonly people: People;
}

/**
 * People from a file. `cached` answers from what was read last; `fresh` reads the file again, and is unavailable while
 * that cannot be done or what it says cannot be understood.
 */
export function filePeople({ path, under, file, people }: PeopleFile): PeopleSource {
  let last = { text: file.text, people };

  function readAgain(): People {
    // The text decides and not its time of change: two changes can happen within one tick of the file system's clock.
    // At once: for a few kilobytes beside the event loop, each request would wait for five of its turns.
    const text = readFileSync(path, 'utf8');
    if (text === last.text) return last.people;
    const read = readPeople(peoplePart(configFile(file.name, text), under));
    if (read.people === undefined) {
      const [problem] = read.problems;
      throw new Error(problem === undefined ? 'it says nothing' : formatProblem(problem));
    }
    last = { text, people: read.people };
    return read.people;
  }

  function ask(freshness: Freshness): People {
    if (freshness === 'cached') return last.people;
    try {
      return readAgain();
    } catch (problem) {
      throw new DirectoryUnavailable(file.name, rootMessage(problem), problem);
    }
  }

  return {
    name: file.name,
    async claimants(network, id, freshness) {
      return ask(freshness).claimants(network, id).map(known);
    },
    async people(id, freshness) {
      const person = ask(freshness).byId.get(id);
      return person === undefined ? [] : [known(person)];
    },
    confers: (group) => last.people.groups.has(group),
    async members(group, freshness) {
      const ids = ask(freshness).groups.get(group) ?? [];
      return [...new Set(ids)].map((id) => ({ id, keys: [] }));
    },
    toAddId: (network, id) => `add ${network}: ${JSON.stringify(id)} to a person in ${file.name}`,
    toAddPerson: (id) => `add "${id}" under people in ${file.name}`,
  };
}

function known({ id, groups }: Person): KnownPerson {
  return { entry: id, id, groups };
}
