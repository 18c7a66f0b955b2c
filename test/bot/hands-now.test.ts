import { describe, expect, test } from 'vitest';
import { cachedDirectory } from '../../src/adapters/directory/cached-directory.ts';
import { peopleOf } from './fixture/people.ts';
import { PEOPLE } from './fixture/rules.ts';
import { createWorld } from './world.ts';

/** Rik froze an environment and locked a host, and talk remembers him from then on. */
async function remembered() {
  const people = peopleOf(PEOPLE);
  const directory = cachedDirectory(people, { forMs: 60_000, now: () => 0 });
  const world = await createWorld({ directory });
  await world.says('rik', '!freeze staging koji is upgraded');
  await world.says('rik', '!lock builder-01 debugging');
  return { ...world, people };
}

const BY_HAND = [
  '!thaw staging',
  '!unlock builder-01',
  '!lock builder-02 x',
  '!freeze everything x',
  '!release builder-01',
];

describe('what is set by hand', () => {
  test.each(BY_HAND)('stays as it is while the directory is silent: %s', async (typed) => {
    const { says, people } = await remembered();
    people.goesAway();
    const [refused] = await says('rik', typed);
    expect(refused).toContain('ldap did not answer (connection refused)');
    people.comesBack();
    expect(await says('ana', '!locks')).toHaveLength(2);
  });

  test.each(BY_HAND)('is no more of somebody who has just lost the right: %s', async (typed) => {
    const { says, people } = await remembered();
    people.leaves('rik', 'root');
    expect((await says('rik', typed))[0]).toContain('rik is in no group');
    expect(await says('ana', '!locks')).toHaveLength(2);
  });
});
