import type { UserId } from '../../domain/ids.ts';
import type {
  Directory,
  DirectorySilence,
  Freshness,
  Identified,
  NotThere,
} from '../../policies/directory.ts';
import { type Claimant, DirectoryUnavailable, type PeopleSource } from './people-source.ts';

/** What one source found. */
interface Found<Entry> {
  readonly source: PeopleSource;
  readonly entry: Entry;
}

/**
 * Several sources as one directory. All of them are asked each time and each has to answer: while one is silent nobody
 * can say whether it has the id too, and an id that two entries have belongs to nobody.
 */
export function directoryOf(sources: readonly PeopleSource[]): Directory {
  async function person(id: UserId, freshness: Freshness): Promise<Identified> {
    const found = await askAll(sources, (source) => source.people(id, freshness));
    const [first, ...others] = found;
    if (first === undefined) return unknownPerson(id, sources);
    if (others.length > 0) return claimedTwice(`the id "${id}"`, found);
    const { barred, groups } = first.entry;
    if (barred !== undefined) return barredBy(first, barred);
    return { kind: 'person', person: { id, groups } };
  }

  return {
    identify: (network, id, freshness) =>
      orSilence(async () => {
        const found = await askAll(sources, (source) => source.claimants(network, id, freshness));
        const [first, ...others] = found;
        if (first === undefined) return unknownId(network, id, sources);
        if (others.length > 0) return claimedTwice(`${network} "${id}"`, found);
        if (first.entry.barred !== undefined) return barredBy(first, first.entry.barred);
        return person(first.entry.id, freshness);
      }),
    person: (id, freshness) => orSilence(() => person(id, freshness)),
    membersOf: (group, freshness) =>
      orSilence(async () => {
        const source = sources.find((one) => one.confers(group));
        if (source === undefined) {
          const next = 'Correct the name, or add the group to a directory in signalbox.yaml.';
          return { kind: 'nobody', because: `no directory has a group "${group}"`, next };
        }
        const members = await source.members(group, freshness);
        return { kind: 'members', members: members.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
      }),
  };
}

async function orSilence<Answer>(ask: () => Promise<Answer>): Promise<Answer | DirectorySilence> {
  try {
    return await ask();
  } catch (problem) {
    if (!(problem instanceof DirectoryUnavailable)) throw problem;
    return { kind: 'unavailable', directory: problem.directory, because: problem.message };
  }
}

/** In the order of the sources. Of several that are silent the first is named. */
async function askAll<Entry>(
  sources: readonly PeopleSource[],
  ask: (source: PeopleSource) => Promise<readonly Entry[]>,
): Promise<readonly Found<Entry>[]> {
  const asked = await Promise.allSettled(sources.map(ask));
  return asked.flatMap((answer, place) => {
    if (answer.status === 'rejected') throw answer.reason;
    const source = sources[place] as PeopleSource;
    return answer.value.map((entry) => ({ source, entry }));
  });
}

function unknownId(network: string, id: string, sources: readonly PeopleSource[]): NotThere {
  const where = sources.map(({ name }) => name).join(' or ');
  const [toAdd] = sources.flatMap((source) => source.toAddId(network, id) ?? []);
  return {
    kind: 'nobody',
    because: `nobody in ${where} has ${network} ${JSON.stringify(id)}`,
    next: toAdd ?? `say under directory in signalbox.yaml which attribute holds ids of ${network}`,
  };
}

function unknownPerson(id: UserId, sources: readonly PeopleSource[]): NotThere {
  const where = sources.map(({ name }) => name).join(' and ');
  const has = sources.length === 1 ? 'has' : 'have';
  return {
    kind: 'nobody',
    because: `${where} ${has} no person "${id}"`,
    next: sources[0]?.toAddPerson(id) ?? 'add a directory to signalbox.yaml',
  };
}

function claimedTwice(what: string, found: readonly Found<Claimant>[]): NotThere {
  const bySource = [...Map.groupBy(found, ({ source }) => source.name)];
  const claims = bySource.map(
    ([name, of]) => `${of.map(({ entry }) => entry.entry).join(' and ')} in ${name}`,
  );
  return {
    kind: 'nobody',
    isTaken: true,
    because: `${what} is claimed by ${claims.join(' and by ')}`,
    next: `leave it with one of them in ${bySource.map(([name]) => name).join(' or ')}`,
  };
}

function barredBy({ source, entry }: Found<Claimant>, barred: string): NotThere {
  return {
    kind: 'nobody',
    isTaken: true,
    because: `${entry.entry} in ${source.name} has no rights: ${barred}`,
    next: `ask whoever keeps ${source.name}`,
  };
}
