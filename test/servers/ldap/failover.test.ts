import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openLdap } from '../../../src/adapters/directory/ldap/open-ldap.ts';
import type { GroupName } from '../../../src/domain/ids.ts';
import { checkDirectories } from '../../../src/program/check-directories.ts';
import { type Authority, createAuthority } from './authority.ts';
import { type DirectoryEntry, type LdapSite, ldapSite } from './ldap-site.ts';
import {
  BOT_PASSWORD,
  frameLdif,
  groupDn,
  groupLdif,
  personDn,
  personLdif,
} from './people-ldif.ts';
import { type Slapd, startSlapd } from './slapd.ts';

const INSIDERS = 'dc=insiders,dc=test';
const COMMUNITY = 'dc=community,dc=test';
const ANA = { kind: 'person', person: { id: 'ana', groups: ['sysadmins'] } };

let folder = '';
let authority: Authority;
let first: Slapd;
let second: Slapd;
let community: Slapd;
let site: LdapSite;
const env: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-ca-'));
  authority = await createAuthority(folder);
  [first, second, community] = await Promise.all([
    startSlapd({ authority, suffix: INSIDERS }),
    startSlapd({ authority, suffix: INSIDERS }),
    startSlapd({ authority, suffix: COMMUNITY }),
  ]);
  const ana = personLdif(INSIDERS, 'ana', { ircAccount: 'ana' });
  const sysadmins = groupLdif(INSIDERS, 'sysadmins', personDn(INSIDERS, 'ana'));
  const insiders = [frameLdif(INSIDERS), ana, sysadmins].join('\n');
  const kim = personLdif(COMMUNITY, 'kim', { ircAccount: 'kim' });
  await Promise.all([
    first.load(insiders),
    second.load(insiders),
    community.load([frameLdif(COMMUNITY), kim].join('\n')),
  ]);
  site = await ldapSite(authority, env);
});
afterEach(async () => {
  env.SIGNALBOX_SECRET_BOT = BOT_PASSWORD;
});
afterAll(async () => {
  await Promise.all([first?.close(), second?.close(), community?.close(), site?.close()]);
  await rm(folder, { recursive: true });
});

const CONFERS = { sysadmins: 'sysadmins' };

/** The insiders' directory over some servers, with what is said instead. */
async function over(
  servers: readonly Slapd[],
  instead: DirectoryEntry['instead'] = {},
  ...others: readonly DirectoryEntry[]
) {
  env.SIGNALBOX_SECRET_BOT ??= BOT_PASSWORD;
  const entry = { name: 'insiders', servers, confers: CONFERS, instead };
  const { directory } = await site.load([entry, ...others]);
  return {
    directory,
    ask: (id = 'ana') => directory.identify('irc', id, 'fresh'),
  };
}

function silent(because: string) {
  return { kind: 'unavailable', directory: 'insiders', because };
}

describe('several servers of one directory', () => {
  test('stand in for one another when one dies in the middle of questions, and no question is lost', async () => {
    const { ask } = await over([first, second]);
    const questions: Promise<unknown>[] = [];
    const more = () => questions.push(ask(), ask());
    more();
    await questions[0];
    more();
    const dead = first.kill();
    more();
    await dead;
    more();
    expect(await Promise.all(questions)).toEqual(questions.map(() => ANA));
    await first.start();
  });

  test('are all named when none answers, and asked again when one is back', async () => {
    const { ask } = await over([first, second]);
    await Promise.all([first.kill(), second.kill()]);
    expect(await ask()).toEqual(silent('127.0.0.1 refuses connections'));
    await second.start();
    expect(await ask()).toEqual(ANA);
    await first.start();
  });

  test('are waited for as long as the configuration says when one hangs, and that one is asked last then', async () => {
    const { ask } = await over([first, second], { timeout: '3s' });
    first.freeze();
    try {
      expect(await ask()).toEqual(ANA);
      const begun = performance.now();
      expect(await ask()).toEqual(ANA);
      expect(performance.now() - begun).toBeLessThan(3_000);
      const { ask: askFirst } = await over([first], { timeout: '1s' });
      expect(await askFirst()).toEqual(silent('127.0.0.1 does not answer within 1 s'));
    } finally {
      first.thaw();
    }
  });
});

describe('a directory that is away', () => {
  test('leaves nobody known, not even whom another directory has', async () => {
    const others = { name: 'community', servers: [community] };
    const { ask, directory } = await over([first], {}, others);
    expect(await ask('kim')).toMatchObject({ kind: 'person' });
    await first.kill();
    const away = silent('127.0.0.1 refuses connections');
    expect(await ask('kim')).toEqual(away);
    expect(await directory.membersOf('sysadmins' as GroupName, 'fresh')).toEqual(away);
    expect(await directory.identify('irc', 'kim', 'cached')).toEqual(away);
    await first.start();
    await community.kill();
    expect(await ask('ana')).toEqual({ ...away, directory: 'community' });
    await community.start();
    expect(await ask('ana')).toEqual(ANA);
  });
});

describe('logging in', () => {
  test('with a password that has changed is no answer, until the file has the new one', async () => {
    const { ask } = await over([first]);
    expect(await ask()).toEqual(ANA);
    const change = (to: string) =>
      first.modify(
        `dn: cn=signalbox,${INSIDERS}\nchangetype: modify\nreplace: userPassword\nuserPassword: ${to}\n`,
      );
    await change('another');
    const refused = silent(`127.0.0.1 refuses the login (cn=signalbox,${INSIDERS})`);
    expect(await Promise.all([ask(), ask('eve')])).toEqual([refused, refused]);
    env.SIGNALBOX_SECRET_BOT = 'another\n';
    expect(await ask()).toEqual(ANA);
    await change(BOT_PASSWORD);
  });

  test('with an empty or a missing password is not tried', async () => {
    const { ask } = await over([first]);
    env.SIGNALBOX_SECRET_BOT = '';
    expect(await ask()).toEqual(silent('127.0.0.1 is not asked: the password is empty'));
    delete env.SIGNALBOX_SECRET_BOT;
    expect(await ask()).toMatchObject({
      kind: 'unavailable',
      because: expect.stringContaining('SIGNALBOX_SECRET_BOT'),
    });
  });

  test('works with a certificate alone (SASL EXTERNAL), and not without one that the server trusts', async () => {
    const { certificate, key } = await authority.issue('signalbox');
    const bind = { 'certificate-file': certificate, 'key-file': key };
    expect(await (await over([first], { bind })).ask()).toEqual(ANA);
    const strangers = await createAuthority(folder, 'strangers');
    const stranger = await strangers.issue('signalbox');
    const { ask } = await over([first], {
      bind: { 'certificate-file': stranger.certificate, 'key-file': stranger.key },
    });
    expect(await ask()).toMatchObject({ kind: 'unavailable', directory: 'insiders' });
  });

  test('that sees no group is no error, but gives no rights either', async () => {
    const { ask } = await over([first], {
      groups: {
        base: `ou=groups,${INSIDERS}`,
        confers: { sysadmins: groupDn(INSIDERS, 'not-there') },
      },
    });
    expect(await ask()).toEqual({ kind: 'person', person: { id: 'ana', groups: [] } });
  });

  test('is not enough where the base is not there', async () => {
    const { ask } = await over([first], {
      people: { base: `ou=poeple,${INSIDERS}`, networks: { irc: 'ircAccount' } },
    });
    expect(await ask()).toEqual(
      silent(`127.0.0.1 has no ou=poeple,${INSIDERS}, or does not show it`),
    );
  });
});

describe('TLS', () => {
  const untrusted = { kind: 'unavailable', because: expect.stringContaining('not trusted') };

  test('is refused with a certificate of another authority, by ldaps and by StartTLS', async () => {
    const { file } = await createAuthority(folder, 'another');
    for (const server of [first.url, first.plainUrl]) {
      const { ask } = await over([first], { 'ca-file': file, servers: [server] });
      expect(await ask()).toMatchObject(untrusted);
    }
  });

  test('is refused with a certificate for another name, by ldaps and by StartTLS', async () => {
    const names = ['DNS:localhost', 'DNS:ldap.example.org'];
    const elsewhere = await startSlapd({ authority, suffix: INSIDERS, names });
    onTestFinished(() => elsewhere.close());
    for (const server of [elsewhere.url, elsewhere.plainUrl]) {
      const { ask } = await over([first], { servers: [server] });
      expect(await ask()).toMatchObject(untrusted);
    }
  });

  test('is begun with StartTLS on a plain port, for each question anew', async () => {
    const { ask } = await over([first], { servers: [first.plainUrl] });
    expect(await ask()).toEqual(ANA);
    await first.kill();
    expect(await ask()).toEqual(silent('127.0.0.1 refuses connections'));
    await first.start();
    expect(await ask()).toEqual(ANA);
    first.freeze();
    const { ask: askFrozen } = await over([first], {
      servers: [first.plainUrl],
      timeout: '1s',
    });
    expect(await askFrozen()).toEqual(silent('127.0.0.1 does not answer within 1 s'));
    first.thaw();
  });

  test('has its authority read for each connection', async () => {
    const { ask } = await over([first], { 'ca-file': 'renewed.pem' });
    expect(await ask()).toMatchObject({ because: expect.stringContaining('renewed.pem') });
    await copyFile(authority.file, join(site.folder, 'renewed.pem'));
    expect(await ask()).toEqual(ANA);
  });
});

describe('signalbox check', () => {
  const about = (line: { readonly about: string }) => line.about;

  test('has a line for each server and for each group that rules may name', async () => {
    const groups = {
      base: `ou=groups,${INSIDERS}`,
      confers: {
        sysadmins: groupDn(INSIDERS, 'sysadmins'),
        'on-call': groupDn(INSIDERS, 'on-call'),
      },
    };
    const servers = [first.url, second.plainUrl];
    const { ldap } = await site.load([
      { name: 'insiders', servers: [first], instead: { groups, servers } },
      { name: 'community', servers: [community] },
    ]);
    const bases = `ou=people,${INSIDERS} and ou=groups,${INSIDERS}`;
    expect(await checkDirectories(ldap)).toEqual([
      ok(`insiders ${first.url}`, `TLS, logged in, has ${bases}`),
      ok(`insiders ${second.plainUrl}`, `StartTLS, logged in, has ${bases}`),
      ok('insiders group sysadmins', groupDn(INSIDERS, 'sysadmins')),
      {
        verdict: 'FAIL',
        about: 'directory insiders group on-call',
        text: `127.0.0.1 has no ${groupDn(INSIDERS, 'on-call')}, or does not show it`,
      },
      ok(
        `community ${community.url}`,
        `TLS, logged in, has ou=people,${COMMUNITY} and ou=groups,${COMMUNITY}`,
      ),
    ]);
  });

  test('says of each server what is wrong with it', async () => {
    const people = { base: `ou=poeple,${INSIDERS}`, networks: { irc: 'ircAccount' } };
    const { ldap } = await site.load([
      { name: 'insiders', servers: [first, second], instead: { people } },
    ]);
    await second.kill();
    const lines = await checkDirectories(ldap);
    expect(lines.map(({ verdict, text }) => `${verdict} ${text}`)).toEqual([
      `FAIL has no ou=poeple,${INSIDERS}, or does not show it`,
      'FAIL refuses connections',
    ]);
    expect(lines.map(about)).toEqual([
      `directory insiders ${first.url}`,
      `directory insiders ${second.url}`,
    ]);
    await second.start();
  });
});

function ok(what: string, text: string) {
  return { verdict: 'ok', about: `directory ${what}`, text };
}

describe('a connection', () => {
  test('that breaks is not replaced by one that nobody logged in on', async () => {
    const line = await cutLine(Number(new URL(first.url).port));
    const ca = await readFile(authority.file, 'utf8');
    const dn = `cn=signalbox,${INSIDERS}`;
    const as = { kind: 'password', dn, password: BOT_PASSWORD } as const;
    const ldap = await openLdap(new URL(`ldaps://127.0.0.1:${line.port}`), { ca, as }, 20_000);
    const groups = {
      base: `ou=groups,${INSIDERS}`,
      scope: 'tree',
      filter: '(objectClass=groupOfNames)',
      attributes: ['cn'],
    } as const;
    expect(await ldap.search(groups)).toHaveLength(1);
    await line.cut();
    // The first notices it, and the second could connect again.
    await expect(ldap.search(groups)).rejects.toThrow('closed the connection');
    await expect(ldap.search(groups)).rejects.toThrow('closed the connection');
    ldap.close();
    await line.close();
  });
});

/** A line to a port that can be cut; new connections go through. */
async function cutLine(to: number) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = async () => {
    const closed = [...sockets].map((socket) => once(socket, 'close'));
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    async close() {
      await cut();
      server.close();
    },
  };
}
