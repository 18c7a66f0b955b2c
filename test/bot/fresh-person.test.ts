import { describe, expect, test } from 'vitest';
import { freshPerson } from '../../src/bot/fresh-person.ts';
import { type GroupName, UserId } from '../../src/domain/ids.ts';
import type { Directory, Identified } from '../../src/policies/directory.ts';

const person = (id: string) => ({ id: UserId.parse(id), groups: ['root' as GroupName] });

/** Ana, as talk remembers her, asks from an account; this is what the directory says of it now. */
function askedNow(now: Identified) {
  const directory = { identify: async () => now } as Partial<Directory> as Directory;
  const asker = {
    person: person('ana'),
    account: 'annie',
    shown: 'ana',
    network: 'irc',
    channel: '#ops',
    message: { network: 'irc', message: 'm1' },
  };
  return freshPerson(asker, { directory });
}

describe('whoever changes something', () => {
  test('is the person whose account it is now', async () => {
    const known = person('ana');
    expect(await askedNow({ kind: 'person', person: known })).toEqual({ known });
  });

  test('is nobody once the account was taken from them', async () => {
    const nobody = { kind: 'nobody', because: 'ldap does not know annie', next: 'ask' } as const;
    expect(await askedNow(nobody)).toEqual({ refused: ['ana: ldap does not know annie. Ask.'] });
  });

  test('is not the person whose account it has become', async () => {
    expect(await askedNow({ kind: 'person', person: person('ben') })).toEqual({
      refused: ['ana: you are somebody else by now. Say it again.'],
    });
  });

  test('is nobody while the directory is silent', async () => {
    const silent = { kind: 'unavailable', directory: 'ldap', because: 'no answer' } as const;
    expect(await askedNow(silent)).toEqual({
      refused: [expect.stringContaining('ldap did not answer (no answer)')],
    });
  });
});
