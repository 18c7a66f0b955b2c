import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GroupName, UserId } from '../../../src/domain/ids.ts';
import type { Directory } from '../../../src/policies/directory.ts';
import { createAuthority } from './authority.ts';
import { type LdapSite, ldapSite } from './ldap-site.ts';
import { entry, frameLdif, groupDn, groupLdif, personDn, personLdif } from './people-ldif.ts';
import { type Slapd, startSlapd } from './slapd.ts';

const INSIDERS = 'dc=insiders,dc=test';
const COMMUNITY = 'dc=community,dc=test';
const ANA_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMnF4oI7kK2Wjv6Yy1Lw8K0n8bYwO9E2b0wI3a9ZtQ8c ana@desk';
/** More than a server gives at once, and more than a page. */
const CROWD = Array.from({ length: 1_100 }, (_, place) => `crowd-${place}`);

let folder = '';
let insiders: Slapd;
let community: Slapd;
let site: LdapSite;
let directory: Directory;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-ca-'));
  const authority = await createAuthority(folder);
  [insiders, community] = await Promise.all([
    startSlapd({ authority, suffix: INSIDERS }),
    startSlapd({ authority, suffix: COMMUNITY }),
  ]);
  await Promise.all([insiders.load(insidersLdif()), community.load(communityLdif())]);
  site = await ldapSite(authority);
  await writeFile(
    join(site.folder, 'people.yaml'),
    'groups: { guests: [gus] }\npeople: { gus: { irc: gus }, lee: { irc: lee } }\n',
  );
  const confers = {
    'sysadmin-builders': 'builders',
    sysadmins: 'sysadmins',
    'on-call': 'on-call',
    'unix-admins': 'unix-admins',
    loop: 'loop-b',
    uniques: 'uniques',
  };
  const loaded = await site.load(
    [
      { name: 'insiders', servers: [insiders], confers },
      { name: 'community', servers: [community], confers: { community: 'everybody' } },
    ],
    { file: 'people.yaml' },
  );
  directory = loaded.directory;
});
afterAll(async () => {
  await Promise.all([insiders?.close(), community?.close(), site?.close()]);
  await rm(folder, { recursive: true });
});

function insidersLdif(): string {
  const person = (uid: string, attributes = {}) => personLdif(INSIDERS, uid, attributes);
  const group = (cn: string, ...members: readonly string[]) => groupLdif(INSIDERS, cn, ...members);
  const dn = (uid: string) => personDn(INSIDERS, uid);
  const inside = (cn: string) => groupDn(INSIDERS, cn);
  return [
    frameLdif(INSIDERS),
    person('ana', {
      ircAccount: 'ana',
      matrixId: '@ana:example.org',
      slackId: 'T01:U01',
      sshPublicKey: ANA_KEY,
    }),
    person('ben', { ircAccount: ['ben', 'ben-mobile'] }),
    person('kim', { ircAccount: 'kim' }),
    person('lee', { ircAccount: 'lee-of-insiders' }),
    person('two', { ircAccount: ['twice', 'only-two'] }),
    person('also-two', { ircAccount: 'twice' }),
    person('shared', { ircAccount: 'shared' }),
    person('Upper', { ircAccount: 'Upper' }),
    person('odd name', { ircAccount: 'odd' }),
    person('locked', { ircAccount: 'locked', nsAccountLock: 'TRUE' }),
    person('disabled', { ircAccount: 'disabled', userAccountControl: '514' }),
    person('expired', { ircAccount: 'expired', shadowExpire: '19000' }),
    person('gone', { ircAccount: 'gone', accountExpires: '133000000000000000' }),
    person('daemon', { ircAccount: 'daemon', loginShell: '/usr/sbin/nologin' }),
    person('policy', { ircAccount: 'policy', pwdAccountLockedTime: '000001010000Z' }),
    person('never', { ircAccount: 'never', shadowExpire: '-1', accountExpires: '0' }),
    group('builders', dn('ana'), dn('ben'), dn('locked')),
    group('team', dn('ana'), dn('never')),
    group('sysadmins', inside('team'), dn('ben')),
    group('on-call', inside('sysadmins')),
    group('loop-a', dn('kim'), inside('loop-b')),
    group('loop-b', inside('loop-a')),
    entry(inside('unix-admins'), {
      objectClass: 'posixGroup',
      gidNumber: '1000',
      memberUid: ['ben', 'nobody-there'],
    }),
    entry(inside('uniques'), { objectClass: 'groupOfUniqueNames', uniqueMember: dn('kim') }),
  ].join('\n');
}

function communityLdif(): string {
  const dn = (uid: string) => personDn(COMMUNITY, uid);
  return [
    frameLdif(COMMUNITY),
    personLdif(COMMUNITY, 'mallory', { ircAccount: 'mallory' }),
    personLdif(COMMUNITY, 'other-shared', { ircAccount: 'shared' }),
    personLdif(COMMUNITY, 'ben', { ircAccount: 'ben-of-community' }),
    ...CROWD.map((uid) => personLdif(COMMUNITY, uid)),
    groupLdif(COMMUNITY, 'everybody', dn('mallory'), ...CROWD.map(dn)),
    groupLdif(COMMUNITY, 'builders', dn('mallory')),
  ].join('\n');
}

const identify = (network: string, id: string) => directory.identify(network, id, 'fresh');
const groupsOf = async (network: string, id: string) => {
  const found = await identify(network, id);
  return found.kind === 'person' ? found.person.groups.toSorted() : found;
};

describe('a person in LDAP', () => {
  test.each([
    ['irc', 'ana'],
    ['matrix', '@ana:example.org'],
    ['slack', 'T01:U01'],
    ['unix', 'ana'],
  ])('is known by what %s vouches for', async (network, id) => {
    expect(await identify(network, id)).toEqual({
      kind: 'person',
      person: { id: 'ana', groups: ['sysadmin-builders', 'sysadmins', 'on-call'] },
    });
  });

  test('is not known by another id, nor on a network that has no attribute', async () => {
    expect(await identify('irc', 'eve')).toEqual({
      kind: 'nobody',
      because: 'nobody in people.yaml or insiders or community has irc "eve"',
      next: 'add irc: "eve" to a person in people.yaml',
    });
    expect(await identify('console', 'ana')).toMatchObject({ kind: 'nobody' });
  });

  test.each(['a*', '*', 'a*)(uid=*', 'ana)(|(uid=*', '\\61na', 'ana\0', '(', 'ünïcode ✓'])(
    'is not found by %j: signs of filters are signs of the name',
    async (id) => {
      expect(await identify('irc', id)).toMatchObject({ kind: 'nobody' });
      expect(await identify('unix', id)).toMatchObject({ kind: 'nobody' });
    },
  );

  test.each(['ANA', 'ana ', 'ａｎａ'])(
    'is not %j, which the server takes for the same',
    async (id) => {
      expect(await identify('irc', id)).toEqual({
        kind: 'nobody',
        isTaken: true,
        because: `uid=ana,ou=people,dc=insiders,dc=test in insiders has no rights: its ircAccount is "ana", not ${JSON.stringify(id)}`,
        next: 'ask whoever keeps insiders',
      });
    },
  );

  test('has the id that the directory wrote with capitals, and none where that is no id', async () => {
    expect(await identify('irc', 'Upper')).toMatchObject({ person: { id: 'upper' } });
    expect(await identify('irc', 'odd')).toMatchObject({
      kind: 'nobody',
      because: expect.stringContaining(`its uid "odd name" cannot be a person's id`),
    });
  });

  test('is found by its own id, in a file beside the directories too', async () => {
    const [ana, gus, eve] = ['ana', 'gus', 'eve'].map((id) => UserId.parse(id));
    expect(await directory.person(ana as UserId, 'fresh')).toMatchObject({
      person: { groups: ['sysadmin-builders', 'sysadmins', 'on-call'] },
    });
    expect(await identify('irc', 'gus')).toMatchObject({ person: { id: gus, groups: ['guests'] } });
    expect(await directory.person(eve as UserId, 'fresh')).toEqual({
      kind: 'nobody',
      because: 'people.yaml and insiders and community have no person "eve"',
      next: 'add "eve" under people in people.yaml',
    });
  });
});

describe('an id that two entries have', () => {
  const there = (uid: string) => `uid=${uid},ou=people,dc=insiders,dc=test`;

  test('belongs to nobody when both are in one directory', async () => {
    const found = await identify('irc', 'twice');
    expect(found).toMatchObject({ kind: 'nobody', next: 'leave it with one of them in insiders' });
    expect(found).toMatchObject({
      because: expect.stringMatching(
        /^irc "twice" is claimed by uid=(also-)?two,.* and uid=(also-)?two,.* in insiders$/,
      ),
    });
    expect(await groupsOf('irc', 'only-two')).toEqual([]);
  });

  test('belongs to nobody when they are in several directories', async () => {
    expect(await identify('irc', 'shared')).toEqual({
      kind: 'nobody',
      isTaken: true,
      because: `irc "shared" is claimed by ${there('shared')} in insiders and by uid=other-shared,ou=people,dc=community,dc=test in community`,
      next: 'leave it with one of them in insiders or community',
    });
  });

  test('is not another person by being called the same in another directory', async () => {
    expect(await identify('irc', 'ben-of-community')).toEqual({
      kind: 'nobody',
      isTaken: true,
      because: `the id "ben" is claimed by ${there('ben')} in insiders and by uid=ben,ou=people,dc=community,dc=test in community`,
      next: 'leave it with one of them in insiders or community',
    });
    expect(await identify('irc', 'lee')).toMatchObject({
      because: `the id "lee" is claimed by lee in people.yaml and by ${there('lee')} in insiders`,
    });
  });
});

describe('an account', () => {
  test.each([
    ['locked', 'its account is locked (nsAccountLock)'],
    ['policy', 'its account is locked (pwdAccountLockedTime)'],
    ['disabled', 'its account is disabled (userAccountControl)'],
    ['expired', 'its account has expired (shadowExpire)'],
    ['gone', 'its account has expired (accountExpires)'],
    ['daemon', 'its shell is /usr/sbin/nologin (loginShell)'],
  ])('that is %s has no rights', async (uid, because) => {
    const nobody = {
      kind: 'nobody',
      isTaken: true,
      because: `${personDn(INSIDERS, uid)} in insiders has no rights: ${because}`,
      next: 'ask whoever keeps insiders',
    };
    expect(await identify('irc', uid)).toEqual(nobody);
    expect(await directory.person(UserId.parse(uid), 'fresh')).toEqual(nobody);
  });

  test('that never expires has them', async () => {
    expect(await groupsOf('irc', 'never')).toEqual(['on-call', 'sysadmins']);
  });
});

describe('a group', () => {
  test('is reached through groups, and a loop of groups has an end', async () => {
    expect(await groupsOf('irc', 'kim')).toEqual(['loop', 'uniques']);
  });

  test('of the same name in another directory confers nothing', async () => {
    expect(await groupsOf('irc', 'mallory')).toEqual(['community']);
  });

  test.each([
    [['memberOf'], ['sysadmin-builders']],
    [['member'], ['on-call', 'sysadmin-builders', 'sysadmins']],
    [['memberUid'], []],
  ])('counts by %j alone where that is what is configured', async (by, expected) => {
    const groups = { base: `ou=groups,${INSIDERS}`, by, confers: confersOf() };
    const entry = { name: 'insiders', servers: [insiders], instead: { groups } };
    const { directory: narrow } = await site.load([entry]);
    const found = await narrow.identify('irc', 'ana', 'fresh');
    const held = found.kind === 'person' ? found.person.groups.toSorted() : found;
    expect(held).toEqual(expected);
  });

  test('is as deep as the configuration lets it be', async () => {
    const groups = { base: `ou=groups,${INSIDERS}`, depth: 2, confers: confersOf() };
    const entry = { name: 'insiders', servers: [insiders], instead: { groups } };
    const { directory: shallow } = await site.load([entry]);
    expect(await shallow.identify('irc', 'ana', 'fresh')).toMatchObject({
      person: { groups: ['sysadmin-builders', 'sysadmins'] },
    });
    expect(await shallow.membersOf('on-call' as GroupName, 'fresh')).toMatchObject({
      members: [{ id: 'ben' }],
    });
  });

  test('has its members told with their keys, nested ones and barred ones as well', async () => {
    const fingerprint = expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(await directory.membersOf('sysadmin-builders' as GroupName, 'fresh')).toEqual({
      kind: 'members',
      members: [
        { id: 'ana', keys: [{ type: 'ssh-ed25519', fingerprint }] },
        { id: 'ben', keys: [] },
        { id: 'locked', keys: [], barred: 'its account is locked (nsAccountLock)' },
      ],
    });
    const ids = async (group: string) => {
      const found = await directory.membersOf(group as GroupName, 'fresh');
      return found.kind === 'members' ? found.members.map(({ id }) => id) : found;
    };
    expect(await ids('on-call')).toEqual(['ana', 'ben', 'never']);
    expect(await ids('unix-admins')).toEqual(['ben']);
    expect(await ids('uniques')).toEqual(['kim']);
    expect(await ids('loop')).toEqual(['kim']);
    expect(await ids('guests')).toEqual(['gus']);
    expect(await ids('builders')).toMatchObject({
      kind: 'nobody',
      because: 'no directory has a group "builders"',
    });
  });

  test('has more members than a server gives at once', async () => {
    const found = await directory.membersOf('community' as GroupName, 'fresh');
    expect(found.kind === 'members' && found.members.length).toBe(CROWD.length + 1);
  });

  test('that somebody was taken out of is lost at once, and in talk when the answer is old', async () => {
    expect(await groupsOf('unix', 'never')).toEqual(['on-call', 'sysadmins']);
    await insiders.modify(
      `dn: ${groupDn(INSIDERS, 'team')}\nchangetype: modify\ndelete: member\nmember: ${personDn(INSIDERS, 'never')}\n`,
    );
    const never = UserId.parse('never');
    expect(await directory.identify('unix', 'never', 'cached')).toMatchObject({
      person: { groups: ['sysadmins', 'on-call'] },
    });
    expect(await directory.person(never, 'fresh')).toMatchObject({ person: { groups: [] } });
    expect(await identify('unix', 'never')).toMatchObject({ person: { groups: [] } });
    expect(await directory.identify('unix', 'never', 'cached')).toMatchObject({
      person: { groups: [] },
    });
  });
});

function confersOf() {
  const names = { 'sysadmin-builders': 'builders', sysadmins: 'sysadmins', 'on-call': 'on-call' };
  return Object.fromEntries(
    Object.entries(names).map(([name, cn]) => [name, groupDn(INSIDERS, cn)]),
  );
}
