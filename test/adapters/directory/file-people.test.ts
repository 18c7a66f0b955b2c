import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configFile } from '../../../src/adapters/config/config-file.ts';
import { inside, wholeOf } from '../../../src/adapters/config/config-part.ts';
import { readPeople } from '../../../src/adapters/config/people.ts';
import { directoryOf } from '../../../src/adapters/directory/directory-of.ts';
import { filePeople } from '../../../src/adapters/directory/file-people.ts';
import { UserId } from '../../../src/domain/ids.ts';
import type { Directory } from '../../../src/policies/directory.ts';

const text = `groups: { sysadmin-builders: [ana, ben], community: [kim] }
people:
  ana: { irc: ana, matrix: "@ana:example.org", unix: ana }
  ben: { irc: ben }
  kim: { irc: kim }
`;
const ana = {
  kind: 'person',
  person: { id: 'ana', groups: ['sysadmin-builders'] },
};

let folder = '';
let path = '';
let directory: Directory;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
  path = join(folder, 'people.yaml');
  await writeFile(path, text);
  directory = opened(text);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function opened(first: string, under: readonly string[] = []): Directory {
  const file = configFile('people.yaml', first);
  const { people } = readPeople(inside(wholeOf(file), ...under));
  if (people === undefined) throw new Error('not a people file');
  return directoryOf([filePeople({ path, under, file, people })]);
}

describe('a file directory', () => {
  test.each([
    ['irc', 'ana'],
    ['matrix', '@ana:example.org'],
    ['unix', 'ana'],
  ])('knows a person by the exact id that %s vouches for', async (network, id) => {
    expect(await directory.identify(network, id, 'fresh')).toEqual(ana);
  });

  test.each([
    ['irc', 'Ana'],
    ['irc', 'ana '],
    ['slack', 'ana'],
    ['irc', '@ana:example.org'],
  ])('knows nobody who is "%s" "%s"', async (network, id) => {
    expect(await directory.identify(network, id, 'fresh')).toEqual({
      kind: 'nobody',
      because: `nobody in people.yaml has ${network} "${id}"`,
      next: `add ${network}: "${id}" to a person in people.yaml`,
    });
  });

  test('knows people by their own id', async () => {
    expect(await directory.person(UserId.parse('ana'), 'fresh')).toEqual(ana);
    expect(await directory.person(UserId.parse('eve'), 'fresh')).toEqual({
      kind: 'nobody',
      because: 'people.yaml has no person "eve"',
      next: 'add "eve" under people in people.yaml',
    });
  });

  test('lets an id that two people claim belong to nobody', async () => {
    await writeFile(path, text.replace('irc: kim', 'irc: ana'));
    expect(await directory.identify('irc', 'ana', 'fresh')).toEqual({
      kind: 'nobody',
      isTaken: true,
      because: 'irc "ana" is claimed by ana and kim in people.yaml',
      next: 'leave it with one of them in people.yaml',
    });
    expect(await directory.identify('unix', 'ana', 'fresh')).toEqual(ana);
  });

  test('sees a change with the next fresh question, and from then on in talk', async () => {
    await writeFile(path, text.replace('[ana, ben]', '[ben, ben]'));
    expect(await directory.identify('irc', 'ana', 'cached')).toEqual(ana);
    const without = { kind: 'person', person: { id: 'ana', groups: [] } };
    expect(await directory.identify('irc', 'ana', 'fresh')).toEqual(without);
    expect(await directory.identify('irc', 'ana', 'cached')).toEqual(without);
  });

  test('is unavailable while its file is gone, but can be talked to', async () => {
    await rm(path);
    expect(await directory.identify('irc', 'ana', 'fresh')).toEqual({
      kind: 'unavailable',
      directory: 'people.yaml',
      because: `ENOENT: no such file or directory, open '${path}'`,
    });
    expect(await directory.person(UserId.parse('ana'), 'fresh')).toMatchObject({
      kind: 'unavailable',
    });
    expect(await directory.identify('irc', 'ana', 'cached')).toEqual(ana);
    await writeFile(path, text);
    expect(await directory.identify('irc', 'ana', 'fresh')).toEqual(ana);
  });

  test('is unavailable while its file cannot be understood', async () => {
    await writeFile(path, text.replace('people:', 'peple:'));
    expect(await directory.identify('irc', 'ana', 'fresh')).toEqual({
      kind: 'unavailable',
      directory: 'people.yaml',
      because:
        'people.yaml:2:1: unknown key "peple"; expected groups or people; did you mean "people"?',
    });
  });

  test('reads people that stand inside a larger file', async () => {
    const larger = `directory:\n  people: { ana: { irc: ana } }\n`;
    await writeFile(path, larger.replace('irc: ana', 'irc: ana2'));
    directory = opened(larger, ['directory']);
    const alone = { kind: 'person', person: { id: 'ana', groups: [] } };
    expect(await directory.identify('irc', 'ana', 'cached')).toEqual(alone);
    expect(await directory.identify('irc', 'ana2', 'fresh')).toEqual(alone);
  });
});
