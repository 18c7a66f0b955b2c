import { beforeEach, describe, expect, test } from 'vitest';
import { cachedDirectory } from '../../../src/adapters/directory/cached-directory.ts';
import { type GroupName, UserId } from '../../../src/domain/ids.ts';
import type { Directory, Identified } from '../../../src/policies/directory.ts';

const ana = UserId.parse('ana');
const AWAY: Identified = { kind: 'unavailable', directory: 'insiders', because: 'away' };

let now = 0;
let asked = 0;
let answer: () => Promise<Identified>;
let directory: Directory;

const withGroups = (...groups: readonly string[]) => {
  const person = { id: ana, groups: groups as readonly GroupName[] };
  return async (): Promise<Identified> => ({ kind: 'person', person });
};

beforeEach(() => {
  now = 0;
  asked = 0;
  answer = withGroups('sysadmins');
  const ask = () => {
    asked += 1;
    return answer();
  };
  const inner: Directory = {
    identify: ask,
    person: ask,
    membersOf: async () => ({ kind: 'members', members: [] }),
  };
  directory = cachedDirectory(inner, { forMs: 60_000, now: () => now });
});

const talk = () => directory.identify('irc', 'ana', 'cached');

describe('a directory that remembers', () => {
  test('asks once for talk while its answer is young, and again when it is old', async () => {
    const [one, other] = await Promise.all([talk(), talk()]);
    expect(one).toEqual(other);
    now = 59_999;
    await talk();
    expect(asked).toBe(1);
    now = 60_000;
    await talk();
    expect(asked).toBe(2);
  });

  test('always asks where it has to be fresh, and talk has that answer from then on', async () => {
    await talk();
    answer = withGroups();
    expect(await talk()).toMatchObject({ person: { groups: ['sysadmins'] } });
    expect(await directory.identify('irc', 'ana', 'fresh')).toMatchObject({
      person: { groups: [] },
    });
    expect(await talk()).toMatchObject({ person: { groups: [] } });
    await directory.identify('irc', 'ana', 'fresh');
    expect(asked).toBe(3);
  });

  test('asks a directory that is away again after a few seconds', async () => {
    answer = async () => AWAY;
    expect(await talk()).toEqual(AWAY);
    answer = withGroups();
    now = 4_999;
    expect(await talk()).toEqual(AWAY);
    now = 5_000;
    expect(await talk()).toMatchObject({ kind: 'person' });
  });

  test('does not remember that a question broke', async () => {
    answer = () => Promise.reject(new Error('a bug'));
    await expect(talk()).rejects.toThrow('a bug');
    answer = withGroups();
    expect(await talk()).toMatchObject({ kind: 'person' });
  });

  test('keeps answers about people, ids and groups apart', async () => {
    await talk();
    await directory.person(ana, 'cached');
    await directory.identify('matrix', 'ana', 'cached');
    expect(asked).toBe(3);
    expect(await directory.membersOf('ana' as GroupName, 'cached')).toMatchObject({
      kind: 'members',
    });
  });

  test('forgets what was asked about longest ago when there is too much', async () => {
    await talk();
    for (let other = 0; other < 10_000; other += 1) {
      await directory.identify('irc', `other-${other}`, 'cached');
    }
    const before = asked;
    await directory.identify('irc', 'other-9999', 'cached');
    expect(asked).toBe(before);
    await talk();
    expect(asked).toBe(before + 1);
  });
});
